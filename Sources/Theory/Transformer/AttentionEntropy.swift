/// How evenly queries attend, mean over the queries that have a choice.
package struct AttentionEntropy: Hashable, Sendable {
  private var sum = 0.0
  private var shareSum = 0.0
  private var count = 0

  package init() {}

  /// The mean of −Σ p ln p, in nats; nil without a query.
  package var mean: Double? { count > 0 ? sum / Double(count) : nil }
  /// The mean of the entropy divided by ln of the number of positions that the query sees: 1 where
  /// it attends to all of them alike, 0 where to one; nil without a query.
  package var share: Double? { count > 0 ? shareSum / Double(count) : nil }

  /// Adds sequences whose weights stand below each other, `length` rows each.
  package mutating func add(_ weights: Matrix, length: Int) {
    for row in 0..<weights.rows {
      let seen = row % length + 1
      guard seen > 1 else { continue }
      let weights = Array(weights[row: row].prefix(seen))
      // 0 ln 0 = 0; the logarithm is taken of 1 instead.
      let logarithms = Kernels.log(weights.map { $0 > 0 ? $0 : 1 })
      let entropy = -Kernels.dot(weights, logarithms)
      sum += entropy
      shareSum += entropy / Kernels.log(Double(seen))
      count += 1
    }
  }
}
