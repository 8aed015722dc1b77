extension Kernels {
  /// `ln(1 + x)` of each element, x ≥ 0, to full relative accuracy also near 0.
  ///
  /// The rounding of `w = 1 + x` is undone by the factor `x / (w − 1)`: Goldberg, *What every
  /// computer scientist should know about floating-point arithmetic*, theorem 4,
  /// DOI 10.1145/103162.103163; relative error below 5 units of rounding.
  package static func logOnePlus(_ x: [Double]) -> [Double] {
    let sums = x.map { 1 + $0 }
    let logs = log(sums)
    return x.indices.map { index in
      let excess = sums[index] - 1
      if excess == 0 { return x[index] }
      return excess.isFinite ? logs[index] * (x[index] / excess) : logs[index]
    }
  }
}
