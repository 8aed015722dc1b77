private import CKernels

/// A matrix in memory: rows of numbers that lie `stride` apart.
struct Rows {
  let pointer: UnsafeMutablePointer<Double>
  let stride: Int

  init(_ pointer: UnsafeMutablePointer<Double>, stride: Int) {
    (self.pointer, self.stride) = (pointer, stride)
  }
}

/// Products that overwrite their result, shared out by its rows.
///
/// Each element is one chain over the inner index however the rows are shared out, so a cut may
/// follow the number of threads.
extension Workers {
  /// `result = left · right`, m × n over an inner index of k.
  @inline(__always)
  func multiply(_ m: Int, _ n: Int, _ k: Int, _ left: Rows, _ right: Rows, into result: Rows) {
    rows(m, n, k) { rows in
      mk_product(
        rows.count, n, k, left.pointer + rows.lowerBound * left.stride, left.stride, right.pointer,
        right.stride, result.pointer + rows.lowerBound * result.stride, result.stride)
    }
  }

  /// `result = leftᵀ · right` with `left` k × m.
  @inline(__always)
  func multiply(
    _ m: Int, _ n: Int, _ k: Int, transposed left: Rows, _ right: Rows, into result: Rows
  ) {
    rows(m, n, k) { rows in
      mk_product_tn(
        rows.count, n, k, left.pointer + rows.lowerBound, left.stride, right.pointer, right.stride,
        result.pointer + rows.lowerBound * result.stride, result.stride)
    }
  }

  /// Rows of the result by whole blocks of the kernel; all at once where threads would not pay.
  @inline(__always)
  private func rows(_ m: Int, _ n: Int, _ k: Int, _ body: (Range<Int>) -> Void) {
    if count == 1 || m * n * k < Self.leastShared {
      body(0..<m)
    } else {
      self(over: m, grain: (m + count * 8 - 1) / (count * 8) * 8, body)
    }
  }

  /// Multiplications that take some 40 µs: of less, another thread's share is not worth its start.
  private static let leastShared = 1 << 21
}
