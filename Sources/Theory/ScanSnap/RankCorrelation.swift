/// Rank correlations (C. Spearman, 1904, doi:10.2307/1412159).
package enum RankCorrelation {
  /// Pearson's correlation of the ranks, equal values sharing the mean of theirs.
  /// - Returns: NaN where all values of a list are equal, or one is not finite.
  package static func spearman(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count, "pairs")
    guard (x + y).allSatisfy(\.isFinite) else { return .nan }
    let middle = Double(x.count + 1) / 2
    let (a, b) = (ranks(x).map { $0 - middle }, ranks(y).map { $0 - middle })
    return Kernels.dot(a, b) / (Kernels.norm(a) * Kernels.norm(b))
  }

  /// The ranks from 1.
  static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = [Double](repeating: 0, count: values.count)
    var first = 0
    while first < order.count {
      var end = first + 1
      while end < order.count, values[order[end]] == values[order[first]] { end += 1 }
      for place in first..<end { ranks[order[place]] = Double(first + 1 + end) / 2 }
      first = end
    }
    return ranks
  }
}
