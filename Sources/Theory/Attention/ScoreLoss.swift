/// A loss as a function of the scores `S` (q × K: a row per distinct last token, a column per
/// token), which is all that the attention layer makes of `W`.
///
/// One file a loss; `Loss` lists them, `Descent` dispatches once per run so that its loop is
/// specialised to each.
protocol ScoreLoss: AnyObject {
  /// The weight of each context in the mean: at first its share of the sequences. Mini-batches
  /// change it between evaluations.
  var shares: ContextShares { get }

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
