private import CKernels

/// Euclidean norms, also of numbers whose squares leave the range of floating point.
extension Kernels {
  /// The Euclidean (of a matrix's elements: Frobenius) norm.
  package static func norm(_ x: [Double]) -> Double {
    let square = dot(x, x)
    return isSound(square) ? square.squareRoot() : scaledNorm(x, square)
  }

  /// Whether a sum of squares lost nothing to the range: beside so large a sum what underflowed is
  /// below rounding.
  @inline(__always)
  static func isSound(_ square: Double) -> Bool { square > 0x1p-900 && square < .infinity }

  /// The norm of numbers whose squares have this sum, which is not sound: they are divided by the
  /// largest of them.
  private static func scaledNorm(_ x: [Double], _ square: Double) -> Double {
    let largest = x.reduce(0) { max($0, abs($1)) }
    guard largest > 0, largest < .infinity, !square.isNaN else { return square.squareRoot() }
    let scaled = x.map { $0 / largest }
    return largest * dot(scaled, scaled).squareRoot()
  }
}

extension Block {
  /// The Euclidean norm.
  var norm: Double {
    let square = mk_dot(pointer, pointer, count)
    return Kernels.isSound(square) ? square.squareRoot() : Kernels.norm(values)
  }
}
