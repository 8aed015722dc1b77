extension Contexts {
  /// The scores `e_jᵀ W e_k` as a q × K matrix: row per distinct last token k, column per token j.
  package func scores(of weights: Matrix) -> Matrix {
    lastEmbeddings * weights.transposed * transposedEmbeddings
  }

  /// `Σ_{kj} G_{kj} e_j e_kᵀ`, d × d: from derivatives by scores (q × K) to those by weights.
  package func weightGradient(of coefficients: Matrix) -> Matrix {
    (coefficients * embeddings).transposed * lastEmbeddings
  }

  /// The tokens of context `context` other than its label, as positions in `tokens`.
  package func others(of context: Int) -> [Int] {
    (starts[context]..<starts[context + 1]).filter { tokens[$0] != labels[context] }
  }

  /// The position in `tokens` of the label of context `context`.
  package func labelPosition(of context: Int) -> Int { keptLabelPosition(of: context)! }

  /// The position in `tokens` of the label of context `context`; nil where it was not kept.
  package func keptLabelPosition(of context: Int) -> Int? {
    (starts[context]..<starts[context + 1]).first { tokens[$0] == labels[context] }
  }

  /// `ln (count of each token / count of its context's label)`, by position in `tokens`.
  package var logCountRatios: [Double] {
    var logs = Kernels.log(counts.map(Double.init))
    for context in 0..<count {
      let label = logs[labelPosition(of: context)]
      for position in starts[context]..<starts[context + 1] { logs[position] -= label }
    }
    return logs
  }

  /// The share of each context in the mean over sequences: multiplicity / n.
  package var shares: [Double] { multiplicities.map { Double($0) / Double(sequences) } }
}
