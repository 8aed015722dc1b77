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
