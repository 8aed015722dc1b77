/// The weights `W(0)` from which descent starts.
package enum InitialWeights: Hashable, Sendable {
  /// Every entry uniform on ±1/√d, as a linear layer of PyTorch starts.
  case `default`
  /// `W(0) = 0`.
  case zero
  /// Every entry uniform on ±s/√d.
  case random(scale: Double)

  /// Half of the width of the interval on which each entry is uniform.
  package func halfWidth(dimension: Int) -> Double {
    switch self {
    case .default: 1 / Double(dimension).squareRoot()
    case .zero: 0
    case .random(let scale): scale / Double(dimension).squareRoot()
    }
  }

  /// `W(0)`, d × d, entry (i, j) from draw `i * d + j`.
  /// - Parameter draws: d² uniform draws in [0, 1).
  package func weights(dimension: Int, draws: [Double]) -> Matrix {
    precondition(draws.count == dimension * dimension, "one draw an entry")
    let width = halfWidth(dimension: dimension)
    return Matrix(
      rows: dimension, columns: dimension,
      elements: draws.map { width == 0 ? 0 : (2 * $0 - 1) * width })
  }
}
