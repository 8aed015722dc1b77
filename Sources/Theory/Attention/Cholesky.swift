/// The factorisation `H = L Lᵀ` of a symmetric positive definite matrix.
struct Cholesky {
  /// L, lower triangular, m × m.
  private let factor: Matrix
  /// The smallest pivot `L_ii²` over the largest diagonal value of H; 1 where m = 0.
  let smallestPivot: Double

  /// Returns nil where H is not positive definite beyond its own rounding: a pivot of at most
  /// `16 m ε` of the largest diagonal value.
  init?(_ matrix: Matrix) {
    let largest = matrix.largestDiagonal
    let limit = 16 * Double(matrix.rows) * Double.ulpOfOne * largest
    var factor = Matrix(zeros: matrix.rows, matrix.rows)
    var smallest = largest
    for row in 0..<matrix.rows {
      for column in 0...row {
        var value = matrix[row, column]
        for index in 0..<column { value -= factor[row, index] * factor[column, index] }
        if row > column {
          factor[row, column] = value / factor[column, column]
        } else {
          guard value > limit else { return nil }
          smallest = min(smallest, value)
          factor[row, row] = value.squareRoot()
        }
      }
    }
    self.factor = factor
    smallestPivot = matrix.rows == 0 ? 1 : smallest / largest
  }

  /// x with `H x = right`.
  func solve(_ right: [Double]) -> [Double] {
    var x = right
    for row in x.indices {
      for index in 0..<row { x[row] -= factor[row, index] * x[index] }
      x[row] /= factor[row, row]
    }
    for row in x.indices.reversed() {
      for index in (row + 1)..<max(x.count, row + 1) { x[row] -= factor[index, row] * x[index] }
      x[row] /= factor[row, row]
    }
    return x
  }
}
