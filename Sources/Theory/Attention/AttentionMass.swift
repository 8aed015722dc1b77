/// The attention masses `a_j` of contexts, from their scores.
package enum AttentionMass {
  /// The mass on each token of each context, by position in `contexts.tokens`: sums to 1 in each.
  package static func masses(at weights: Matrix, of contexts: Contexts) -> [Double] {
    masses(
      of: contexts, scores: contexts.scores(of: weights).elements,
      logRatios: contexts.logCountRatios)
  }

  /// - Parameters:
  ///   - scores: q × K, row-major.
  ///   - logRatios: `contexts.logCountRatios`.
  static func masses(of contexts: Contexts, scores: [Double], logRatios: [Double]) -> [Double] {
    var exponents = self.exponents(of: contexts, scores: scores, logRatios: logRatios)
    for context in 0..<contexts.count {
      let range = contexts.starts[context]..<contexts.starts[context + 1]
      let highest = range.reduce(-Double.infinity) { max($0, exponents[$1]) }
      for position in range { exponents[position] -= highest }
    }
    var masses = Kernels.exp(exponents)
    for context in 0..<contexts.count {
      let range = contexts.starts[context]..<contexts.starts[context + 1]
      let sum = range.reduce(0) { $0 + masses[$1] }
      for position in range { masses[position] /= sum }
    }
    return masses
  }

  /// `s_j + ln(m_j / m_y)` by position in `contexts.tokens`: logarithms of the masses up to a term
  /// that is the same for all tokens of a context.
  static func exponents(
    of contexts: Contexts, scores: [Double], logRatios: [Double]
  ) -> [Double] {
    var exponents = logRatios
    for context in 0..<contexts.count {
      let row = contexts.queries[context] * contexts.vocabulary
      for position in contexts.starts[context]..<contexts.starts[context + 1] {
        exponents[position] += scores[row + contexts.tokens[position]]
      }
    }
    return exponents
  }
}

/// How much attention leaves the label's strongly connected component.
package struct LabelComponent: Hashable, Sendable {
  private let contexts: Contexts
  private let logRatios: [Double]
  private let logShares: [Double]
  /// Whether each position in `contexts.tokens` is outside its label's component.
  private let isOutside: [Bool]

  /// - Parameter components: at [k][token], the component of `token` in `G^(k)`, or −1.
  package init(_ contexts: Contexts, components: [[Int]]) {
    self.contexts = contexts
    logRatios = contexts.logCountRatios
    logShares = Kernels.log(contexts.shares)
    isOutside = (0..<contexts.count).flatMap { context -> [Bool] in
      let components = components[contexts.lastTokens[contexts.queries[context]]]
      let label = contexts.labels[context]
      return contexts.tokens[contexts.starts[context]..<contexts.starts[context + 1]].map {
        $0 != label && components[$0] != components[label]
      }
    }
  }

  /// The logarithm of the mean, over the sequences, of the attention mass outside the label's
  /// component.
  ///
  /// It is computed from the masses outside, never as 1 − mass, so it stays finite when those
  /// underflow. −∞ only where no sequence has a token outside its label's component.
  package func logRest(at weights: Matrix) -> Double {
    let exponents = AttentionMass.exponents(
      of: contexts, scores: contexts.scores(of: weights).elements, logRatios: logRatios)
    let rests = (0..<contexts.count).compactMap { context -> Double? in
      let range = contexts.starts[context]..<contexts.starts[context + 1]
      let outside = range.filter { isOutside[$0] }.map { exponents[$0] }
      guard !outside.isEmpty else { return nil }
      return logShares[context] + Self.logSum(outside) - Self.logSum(Array(exponents[range]))
    }
    return rests.isEmpty ? -.infinity : Self.logSum(rests)
  }

  /// `ln Σ e^x`.
  private static func logSum(_ x: [Double]) -> Double {
    let highest = x.reduce(-Double.infinity, max)
    return highest + Kernels.log(Kernels.exp(x.map { $0 - highest }).reduce(0, +))
  }
}
