/// The independent parts of a Graph-SVM.
///
/// Rows of last tokens `k`, `l` are orthogonal when `e_kᵀ e_l = 0`, so the problem falls apart along
/// the connected components of the relation `e_kᵀ e_l ≠ 0`: with orthonormal embeddings into one
/// problem per last token. A cosine below 1e-14 counts as 0; what this neglects is of the size of
/// round-off, and the certificate, computed from the original data with nothing neglected, shows it.
enum ConstraintBlocks {
  /// Below this, the cosine of two last tokens' embeddings counts as round-off.
  private static let orthogonality = 1e-14

  /// The parts, in the order of their first last token; rows keep their order.
  static func split(_ constraints: [MarginConstraint], embeddings: Matrix) -> [ConstraintGram] {
    guard !constraints.isEmpty else { return [] }
    let whole = ConstraintGram(embeddings: embeddings, constraints: constraints, arena: Arena())
    let part = parts(whole)
    guard let last = part.max(), last > 0 else { return [whole] }
    var rows = [[MarginConstraint]](repeating: [], count: last + 1)
    for (row, constraint) in constraints.enumerated() {
      rows[part[whole.query[row]]].append(constraint)
    }
    // An arena each, as threads may solve them.
    return rows.map { ConstraintGram(embeddings: embeddings, constraints: $0, arena: Arena()) }
  }

  /// The number of each last token's part; empty: there is one part.
  private static func parts(_ whole: ConstraintGram) -> [Int] {
    let (products, count) = (whole.queryProducts, whole.queries)
    func areJoined(_ first: Int, _ second: Int) -> Bool {
      abs(products[first * count + second]) > orthogonality
    }
    if (1..<count).allSatisfy({ areJoined(0, $0) }) { return [] }
    var part = [Int](repeating: -1, count: count)
    var parts = 0
    for first in 0..<count where part[first] < 0 {
      var reached = [first]
      part[first] = parts
      while let token = reached.popLast() {
        for other in 0..<count where part[other] < 0 && areJoined(token, other) {
          part[other] = parts
          reached.append(other)
        }
      }
      parts += 1
    }
    return part
  }
}

extension ConstraintGram {
  /// Multipliers of scaled rows as multipliers of the rows themselves; zeros are left out, and what is
  /// below 0 on strict rows by no more than the rounding of the largest.
  func multipliers(_ values: [Double], on rows: [Int]) -> [GraphSVM.Multiplier] {
    let rounding = values.reduce(0) { max($0, abs($1)) } * Double.ulpOfOne
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { all in
      all.initialize(repeating: 0)
      for index in rows.indices { all[rows[index]] = values[index] }
      var result: [GraphSVM.Multiplier] = []
      result.reserveCapacity(rows.count)
      for row in 0..<count where all[row] != 0 {
        if isStrict[row], -rounding...0 ~= all[row] { continue }
        let constraint = constraints[row]
        result.append(
          GraphSVM.Multiplier(
            lastToken: constraint.lastToken, preferred: constraint.preferred,
            other: constraint.other, value: scales[row] > 0 ? all[row] / scales[row] : all[row]))
      }
      return result
    }
  }
}
