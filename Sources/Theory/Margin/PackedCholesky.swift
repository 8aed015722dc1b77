private import CKernels

/// The factor `L` of a growing and shrinking matrix `G = L Lᵀ`, lower triangle packed by rows: the Gram
/// matrix of active rows, or a Hessian that comes row by row.
///
/// Appending a row costs one triangular solve; removing one rotates what is below it back to
/// triangular form (Gill, Golub, Murray, Saunders 1974, doi:10.1090/S0025-5718-1974-0343558-6).
/// (`Cholesky` factors a matrix once, and says by its pivots whether it is positive definite.)
struct PackedCholesky {
  /// The order n of the matrix.
  private(set) var order = 0
  private var elements: [Double] = []
  /// Floating-point operations spent, to leading order.
  private(set) var flops = 0

  private static func start(_ row: Int) -> Int { row * (row + 1) / 2 }

  /// Solves `L x = b` in place.
  mutating func solveLower(_ x: inout [Double]) {
    flops += order * order
    elements.withUnsafeBufferPointer { elements in
      guard let l = elements.baseAddress else { return }
      x.withUnsafeMutableBufferPointer { x in
        for row in 0..<order {
          let start = l + Self.start(row)
          x[row] = (x[row] - mk_dot(start, x.baseAddress, row)) / start[row]
        }
      }
    }
  }

  /// Solves `Lᵀ x = b` in place.
  mutating func solveUpper(_ x: inout [Double]) {
    flops += order * order
    elements.withUnsafeBufferPointer { elements in
      guard let l = elements.baseAddress else { return }
      x.withUnsafeMutableBufferPointer { x in
        for row in (0..<order).reversed() {
          let start = l + Self.start(row)
          x[row] /= start[row]
          mk_axpy(x.baseAddress, -x[row], start, row)
        }
      }
    }
  }

  /// Borders the matrix: the new last row of `L` is `(row, pivot)`.
  mutating func append(_ row: [Double], pivot: Double) {
    precondition(row.count == order)
    elements += row
    elements.append(pivot)
    order += 1
  }

  /// Starts anew, keeping memory and the count of operations.
  mutating func removeAll() {
    elements.removeAll(keepingCapacity: true)
    order = 0
  }

  /// Takes row and column `index` out of the matrix.
  mutating func remove(_ index: Int) {
    let n = order
    flops += 3 * (n - index) * (n - index)
    var (cosines, sines) = ([Double](), [Double]())
    elements.withUnsafeMutableBufferPointer { elements in
      let l = elements.baseAddress!
      for row in index + 1..<max(n, index + 1) {
        let (source, target) = (l + Self.start(row), l + Self.start(row - 1))
        var carry = source[index]
        for column in 0..<index { target[column] = source[column] }
        for step in 0..<cosines.count {
          let next = source[index + 1 + step]
          target[index + step] = cosines[step] * carry + sines[step] * next
          carry = cosines[step] * next - sines[step] * carry
        }
        let diagonal = source[row]
        let length = (carry * carry + diagonal * diagonal).squareRoot()
        target[row - 1] = length
        cosines.append(carry / length)
        sines.append(diagonal / length)
      }
    }
    elements.removeLast(n)
    order -= 1
  }
}
