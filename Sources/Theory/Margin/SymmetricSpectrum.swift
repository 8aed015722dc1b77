private import CKernels

/// The eigenvalues of a symmetric matrix, by those of a tridiagonal matrix with the same.
///
/// Householder's reflections make the matrix tridiagonal in 4/3 m³ operations; any one eigenvalue is
/// then found by bisection on the number of eigenvalues below a point (Golub and Van Loan, *Matrix
/// Computations*, 4th edition, sections 8.3.1 and 8.4.1), in 60 m. The error is of the size of the
/// rounding of the largest. Rotations of Jacobi take some 10 sweeps of 4 m³ for all eigenvalues,
/// of which the condition number needs two.
struct SymmetricSpectrum {
  /// The diagonal of the tridiagonal matrix, m.
  private var diagonal: [Double]
  /// The squares of what stands beside the diagonal, m; the first is 0.
  private var squares: [Double]

  init(_ matrix: Matrix) {
    precondition(matrix.rows == matrix.columns)
    let size = matrix.rows
    (diagonal, squares) = ([], [0])
    var rest = matrix.elements
    for order in stride(from: size, to: 0, by: -1) {
      let first = (size - order) * (size + 1)
      diagonal.append(rest[first])
      guard order > 1 else { break }
      squares.append(Self.reduce(&rest, first: first, order: order, size: size))
    }
  }

  /// Zeroes the first row of the trailing block beyond its second entry; returns the square of that.
  ///
  /// With `v` the reflection's unit vector and `p = 2 A v`, the block becomes
  /// `A − v wᵀ − w vᵀ`, where `w = p − (pᵀ v) v`.
  private static func reduce(
    _ rest: inout [Double], first: Int, order: Int, size: Int
  ) -> Double {
    let m = order - 1
    var v = Array(rest[first + 1..<first + order])
    let norm = mk_dot(v, v, m).squareRoot()
    guard norm > 0 else { return 0 }
    v[0] += v[0] < 0 ? -norm : norm
    let length = mk_dot(v, v, m).squareRoot()
    for index in v.indices { v[index] /= length }
    var w = [Double](repeating: 0, count: m)
    let block = first + size + 1
    rest.withUnsafeMutableBufferPointer { rest in
      let lines = (0..<m).map { rest.baseAddress! + block + $0 * size }
      for row in 0..<m { w[row] = 2 * mk_dot(lines[row], v, m) }
      let share = mk_dot(w, v, m)
      mk_axpy(&w, -share, v, m)
      for row in 0..<m {
        mk_axpy(lines[row], -v[row], w, m)
        mk_axpy(lines[row], -w[row], v, m)
      }
    }
    return norm * norm
  }

  /// The least and the largest eigenvalue; of an empty matrix 0 and 0.
  var ends: (least: Double, largest: Double) {
    guard !diagonal.isEmpty else { return (0, 0) }
    return (eigenvalue(0), eigenvalue(diagonal.count - 1))
  }

  /// The eigenvalue with `index` eigenvalues below it, counted with multiplicity.
  func eigenvalue(_ index: Int) -> Double {
    var (low, high) = interval
    let resolution = Double.ulpOfOne / 4 * max(abs(low), abs(high))
    while high - low > resolution {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { break }
      if count(below: middle) > index { high = middle } else { low = middle }
    }
    return high
  }

  /// An interval with all eigenvalues in it (Gershgorin), a little wider than need be.
  private var interval: (Double, Double) {
    var (low, high) = (Double.infinity, -Double.infinity)
    for row in diagonal.indices {
      let next = row + 1 < diagonal.count ? squares[row + 1].squareRoot() : 0
      let radius = squares[row].squareRoot() + next
      low = min(low, diagonal[row] - radius)
      high = max(high, diagonal[row] + radius)
    }
    let margin = Double.ulpOfOne * max(abs(low), abs(high))
    return (low - margin, high + margin)
  }

  /// The number of eigenvalues below a point: of negative pivots of `T − x` (Sylvester's law).
  private func count(below point: Double) -> Int {
    var (negative, pivot) = (0, 1.0)
    for row in diagonal.indices {
      pivot = diagonal[row] - point - squares[row] / pivot
      if pivot == 0 { pivot = -Double.leastNormalMagnitude }
      if pivot < 0 { negative += 1 }
    }
    return negative
  }
}
