private import CKernels

extension Kernels {
  /// `ln(1 + x)`, x ≥ 0, to full relative accuracy also near 0.
  ///
  /// The rounding of `w = 1 + x` is undone by the factor `x / (w − 1)`: Goldberg, *What every
  /// computer scientist should know about floating-point arithmetic*, theorem 4,
  /// DOI 10.1145/103162.103163; relative error below 5 units of rounding.
  static func logOnePlus(_ x: Double) -> Double {
    let excess = (1 + x) - 1
    if excess == 0 { return x }
    return excess.isFinite ? log(1 + x) * (x / excess) : log(1 + x)
  }

  /// The same of each element, to the bit; all blocks have one size.
  static func logOnePlus(_ x: Block, into result: Block, scratch sums: Block) {
    for index in 0..<x.count { sums.pointer[index] = 1 + x.pointer[index] }
    mk_log(result.pointer, sums.pointer, x.count)
    for index in 0..<x.count {
      let excess = sums.pointer[index] - 1
      if excess == 0 {
        result.pointer[index] = x.pointer[index]
      } else if excess.isFinite {
        result.pointer[index] *= x.pointer[index] / excess
      }
    }
  }
}
