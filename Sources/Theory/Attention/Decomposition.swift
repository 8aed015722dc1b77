/// Trained weights as the theory writes them: `W = C·W_svm + W_fin + remainder`
/// (arXiv 2403.08081, Theorem 1).
package struct Decomposition: Hashable, Sendable {
  /// The C that is nearest in least squares, `⟨W − W_fin, W_svm⟩/‖W_svm‖²`; NaN where `W_svm = 0`.
  package let factor: Double
  /// `W − C·W_svm − W_fin`, d × d; without `W_svm` where that is 0.
  package let remainder: Matrix

  /// 1 less the correlation of two matrices, `½ ‖A/‖A‖ − B/‖B‖‖²`, without the rounding of that
  /// difference; NaN where either is 0 or not finite.
  package static func misalignment(_ left: Matrix, _ right: Matrix) -> Double {
    let (left, right) = (left.rescaled, right.rescaled)
    let (leftNorm, rightNorm) = (left.norm, right.norm)
    guard leftNorm > 0, rightNorm > 0 else { return .nan }
    let difference = zip(left.elements, right.elements).map { $0 / leftNorm - $1 / rightNorm }
    return Kernels.dot(difference, difference) / 2
  }

  /// - Parameters:
  ///   - margin: `W_svm`, d × d.
  ///   - finitePart: `W_fin`, d × d.
  package init(of weights: Matrix, margin: Matrix, finitePart: Matrix) {
    let rest = weights - finitePart
    let square = Kernels.dot(margin.elements, margin.elements)
    guard square > 0 else {
      (factor, remainder) = (.nan, rest)
      return
    }
    let factor = Kernels.dot(rest.elements, margin.elements) / square
    let along = Matrix(
      rows: margin.rows, columns: margin.columns, elements: margin.elements.map { factor * $0 })
    (self.factor, remainder) = (factor, rest - along)
  }
}
