/// Factorised weights `W = K_wᵀ Q_w`.
package struct Factors: Hashable, Sendable {
  /// `K_w`, m × d.
  package var keys: Matrix
  /// `Q_w`, m × d.
  package var queries: Matrix

  /// Matrices of one shape.
  package init(keys: Matrix, queries: Matrix) {
    precondition(
      keys.rows == queries.rows && keys.columns == queries.columns, "factors of one shape")
    (self.keys, self.queries) = (keys, queries)
  }

  /// m, the inner dimension.
  package var inner: Int { keys.rows }

  /// W, d × d.
  package var product: Matrix { keys.transposed * queries }
}

extension InitialWeights {
  /// Factors with every entry as of `W(0)`: `K_w` from the first m·d draws, `Q_w` from the others.
  ///
  /// At `zero` both gradients vanish, so descent stays there.
  /// - Parameter draws: 2 m d uniform draws in [0, 1).
  package func factors(inner: Int, dimension: Int, draws: [Double]) -> Factors {
    precondition(draws.count == 2 * inner * dimension, "one draw an entry")
    let width = halfWidth(dimension: dimension)
    func matrix(_ draws: ArraySlice<Double>) -> Matrix {
      Matrix(
        rows: inner, columns: dimension,
        elements: draws.map { width == 0 ? 0 : (2 * $0 - 1) * width })
    }
    let half = inner * dimension
    return Factors(keys: matrix(draws.prefix(half)), queries: matrix(draws.suffix(half)))
  }
}
