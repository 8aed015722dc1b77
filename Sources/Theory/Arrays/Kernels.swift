private import CKernels

/// The deterministic kernels, on Swift arrays.
///
/// Every result is the same to the bit on every processor; CKernels says how.
package enum Kernels {
  /// The vector path in use: `generic`, `avx2` or `avx512`.
  package static var simd: String { String(cString: mk_simd()) }

  /// `eˣ` of each element.
  package static func exp(_ x: [Double]) -> [Double] {
    [Double](unsafeUninitializedCapacity: x.count) { buffer, count in
      mk_exp(buffer.baseAddress, x, x.count)
      count = x.count
    }
  }

  /// `ln x` of each element.
  package static func log(_ x: [Double]) -> [Double] {
    [Double](unsafeUninitializedCapacity: x.count) { buffer, count in
      mk_log(buffer.baseAddress, x, x.count)
      count = x.count
    }
  }

  package static func exp(_ x: Double) -> Double {
    withUnsafePointer(to: x) { x in
      var result = 0.0
      mk_exp(&result, x, 1)
      return result
    }
  }

  package static func log(_ x: Double) -> Double {
    withUnsafePointer(to: x) { x in
      var result = 0.0
      mk_log(&result, x, 1)
      return result
    }
  }

  /// The larger number; NaN where either is, which `max` may leave out.
  static func maximum(_ x: Double, _ y: Double) -> Double { x > y || x.isNaN ? x : y }

  package static func sum(_ x: [Double]) -> Double { mk_sum(x, x.count) }

  package static func dot(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count)
    return mk_dot(x, y, x.count)
  }
}

extension Matrix {
  package var transposed: Matrix {
    var result = Matrix(zeros: columns, rows)
    for row in 0..<rows {
      for column in 0..<columns { result[column, row] = self[row, column] }
    }
    return result
  }

  /// The matrix product.
  package static func * (left: Matrix, right: Matrix) -> Matrix {
    precondition(left.columns == right.rows)
    var result = Matrix(zeros: left.rows, right.columns)
    mk_gemm(
      left.rows, right.columns, left.columns, left.elements, left.columns, right.elements,
      right.columns, &result.elements, right.columns)
    return result
  }

  /// ‖·‖_F.
  package var norm: Double { Kernels.norm(elements) }
}

extension Kernels {
  /// Whether `MECHANICS_SIMD` is unset or names a path.
  package static var isRequestValid: Bool { mk_simd_requested_valid() != 0 }
}
