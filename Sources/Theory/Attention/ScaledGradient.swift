/// Derivatives by the weights, kept as `e^exponent · direction`.
package struct ScaledGradient: Hashable, Sendable {
  /// L ≤ 0; not 0 only where the gradient itself would underflow.
  package let exponent: Double
  /// `g̃`, d × d.
  package let direction: Matrix

  /// ‖∇L‖_F; 0 where it underflows.
  package var norm: Double { exponent == 0 ? direction.norm : Kernels.exp(logNorm) }
  /// ln ‖∇L‖_F; −∞ where the gradient is exactly 0.
  package var logNorm: Double { exponent + Kernels.log(direction.norm) }
  /// ∇L; underflows to 0 below the range of floating point.
  package var matrix: Matrix {
    let factor = Kernels.exp(exponent)
    return Matrix(
      rows: direction.rows, columns: direction.columns,
      elements: direction.elements.map { $0 * factor })
  }
}
