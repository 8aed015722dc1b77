extension GraphSVM {
  /// The most rows of a part whose Gram matrix is decomposed: some 10 ms.
  ///
  /// Independent rows number at most d² (they are d × d matrices), so every problem of up to 16
  /// dimensions stays below.
  package static let mostConditionedRows = 256

  /// The spectral condition number of the Gram matrix of the active rows, scaled to norm 1.
  ///
  /// The Gram matrix is `G_rs = (u_rᵀ u_s)(x_kᵀ x_l)`, so rows whose last tokens are orthogonal do not
  /// meet: along `ConstraintBlocks` it falls apart, with orthonormal embeddings into one matrix per
  /// last token, and its spectrum is the union of theirs. Where last tokens are correlated nothing
  /// is known to give the ends of the spectrum cheaper than the matrix itself.
  ///
  /// - Parameter multipliers: the active rows, ordered by (k, i, j).
  /// - Returns: nil where there is no row, where a part has more rows than `mostConditionedRows`, or
  ///   where the least eigenvalue is 0 to rounding (m ε of the largest).
  package static func activeCondition(
    embeddings: Matrix, multipliers: [Multiplier]
  ) -> Double? {
    let rows = multipliers.map {
      MarginConstraint(
        lastToken: $0.lastToken, preferred: $0.preferred, other: $0.other, relation: .strict)
    }
    let parts = ConstraintBlocks.split(rows, embeddings: embeddings)
    guard !parts.isEmpty, parts.allSatisfy({ $0.count <= mostConditionedRows }) else { return nil }
    var (least, largest) = (Double.infinity, 0.0)
    for part in parts {
      let ends = SymmetricSpectrum(part.gram).ends
      (least, largest) = (min(least, ends.least), max(largest, ends.largest))
    }
    return least > Double(rows.count) * Double.ulpOfOne * largest ? largest / least : nil
  }
}

extension ConstraintGram {
  /// The Gram matrix of all rows.
  fileprivate var gram: Matrix {
    var result = Matrix(zeros: count, count)
    products(among: 0..<count, into: &result.elements)
    return result
  }
}
