/// How much attention leaves the label's strongly connected component.
package struct LabelComponent: Hashable, Sendable {
  private let contexts: Contexts
  private let logRatios: [Double]
  private let logShares: [Double]
  /// Whether each position in `contexts.tokens` is outside its label's component.
  private let isOutside: [Bool]

  /// - Parameter components: at [k][token], the component of `token` in `G^(k)`, or −1.
  ///   A token in no component is alone.
  package init(_ contexts: Contexts, components: [[Int]]) {
    let isOutside = (0..<contexts.count).flatMap { context -> [Bool] in
      let components = components[contexts.lastTokens[contexts.queries[context]]]
      let label = contexts.labels[context]
      return contexts.tokens[contexts.starts[context]..<contexts.starts[context + 1]].map {
        $0 != label && (components[$0] < 0 || components[$0] != components[label])
      }
    }
    self.init(contexts, isOutside: isOutside)
  }

  /// - Parameter isOutside: by position in `contexts.tokens`, what counts as outside.
  init(_ contexts: Contexts, isOutside: [Bool]) {
    (self.contexts, self.isOutside) = (contexts, isOutside)
    logRatios = contexts.logCountRatios
    logShares = Kernels.log(contexts.shares)
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
