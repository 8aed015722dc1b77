/// A loss as a function of the scores `S` (q × K: a row per distinct last token, a column per
/// token), which is all that the attention layer makes of `W`.
///
/// One file a loss; `Loss` lists them, `Descent` dispatches once per run so that its loop is
/// specialised to each.
protocol ScoreLoss: AnyObject {
  /// Computes the derivatives by the scores, and keeps what `value` needs.
  /// - Parameters:
  ///   - scores: q × stride, only the first K columns of a row used.
  ///   - coefficients: q × stride, overwritten with `G̃`, where `∂L/∂S = e^exponent · G̃`.
  func differentiate(
    scores: UnsafePointer<Double>, into coefficients: UnsafeMutablePointer<Double>
  ) -> Slope

  /// The loss at the scores that were last differentiated.
  func value() -> LossValue

  /// A bound, in units of rounding, of the relative error of the terms whose sums are the
  /// coefficients, for scores of magnitude at most `magnitude`.
  func roundings(magnitude: Double) -> Double
}

/// How large derivatives by scores are, which are kept as `e^exponent · G̃`.
package struct Slope: Hashable, Sendable {
  /// L ≤ 0; not 0 only where `G` itself would underflow.
  package var exponent: Double
  /// Half of the sum of the magnitudes of all terms that were added up to `G̃`.
  package var mass: Double
}

/// A loss, with its logarithm for values below the range of floating point.
package struct LossValue: Hashable, Sendable {
  package var value: Double
  package var logarithm: Double
}

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

/// The losses that descent can minimise.
package enum Loss: String, Hashable, Sendable, CaseIterable {
  /// `−ln a_y`, the log-loss with the tied head (convex in `W`).
  case log

  /// The empirical risk at `weights`: the mean of the loss over the sequences.
  package func value(at weights: Matrix, of contexts: Contexts) -> LossValue {
    evaluate(at: weights, of: contexts).value
  }

  /// The gradient of the empirical risk by `W`, at `weights`.
  package func gradient(at weights: Matrix, of contexts: Contexts) -> ScaledGradient {
    let (slope, coefficients, _) = evaluate(at: weights, of: contexts)
    return ScaledGradient(
      exponent: slope.exponent, direction: contexts.weightGradient(of: coefficients))
  }

  /// Slope, derivatives by scores `G̃` (q × K) and loss at `weights`.
  func evaluate(
    at weights: Matrix, of contexts: Contexts
  ) -> (slope: Slope, coefficients: Matrix, value: LossValue) {
    let scores = Block(contexts.scores(of: weights).elements)
    let (rows, columns) = (contexts.lastTokens.count, contexts.vocabulary)
    let coefficients = Block(count: scores.count)
    let loss = make(contexts, stride: columns)
    let slope = loss.differentiate(scores: scores.pointer, into: coefficients.pointer)
    let matrix = coefficients.matrix(rows: rows, columns: columns, stride: columns)
    return (slope, matrix, loss.value())
  }

  private func make(_ contexts: Contexts, stride: Int) -> any ScoreLoss {
    switch self {
    case .log: LogLoss(contexts, stride: stride)
    }
  }
}
