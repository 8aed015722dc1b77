extension Contexts {
  /// The scores `e_jᵀ W e_k` as a q × K matrix: row per distinct last token k, column per token j.
  package func scores(of weights: Matrix) -> Matrix {
    lastEmbeddings * weights.transposed * transposedEmbeddings
  }

  /// `Σ_{kj} G_{kj} e_j e_kᵀ`, d × d: from derivatives by scores (q × K) to those by weights.
  package func weightGradient(of coefficients: Matrix) -> Matrix {
    (coefficients * embeddings).transposed * lastEmbeddings
  }

  /// max‖e_j‖ · max‖e_k‖ over all tokens and the last ones: no score of a W is larger times ‖W‖_F.
  var largestScore: Double {
    func longest(_ matrix: Matrix) -> Double {
      (0..<matrix.rows).reduce(0) { max($0, Kernels.norm(Array(matrix[row: $1]))) }
    }
    return longest(embeddings) * longest(lastEmbeddings)
  }

  /// The power of two next to the largest score; 1 where there is none.
  ///
  /// Problems in W are solved in this unit of scores, 1/‖W‖, and of gradients: so their tolerances do
  /// not depend on how long embeddings are, and dividing by it rounds nothing.
  var unit: Double {
    let largest = largestScore
    guard largest > 0, largest < .infinity else { return 1 }
    return Double(sign: .plus, exponent: (largest * 2.0.squareRoot()).exponent, significand: 1)
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
