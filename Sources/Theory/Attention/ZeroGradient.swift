/// When a gradient is zero to its own rounding error.
///
/// Every term of `G̃_{kj}` is right to γ of itself, and the magnitudes of all terms add up to twice
/// the slope's mass, so the computed `g̃ = Σ G̃_{kj} e_j e_kᵀ` is off by at most
/// `2 γ mass · max‖e_j‖ · max‖e_k‖` in the Frobenius norm. γ counts the loss's roundings for scores of
/// their present size, K + d of the products, in units of 2⁻⁵². A computed norm within this bound may be
/// that of an exact zero: a symmetric cycle at `W = 0` ends there, and normalised descent would divide
/// round-off by round-off.
/// With factors of `W` the bound is times the space's gain. And a norm near the end of the range of
/// floating point counts as zero, as terms are losing their digits there.
///
/// A true gradient of the log-loss is not cut. On acyclic data every term is the attention on some j of a context
/// with label y, and `(e_y − e_j)ᵀ W_svm e_k ≥ 1`, so `−⟨g̃, W_svm⟩ ≥ mass` and
/// `‖g̃‖_F ≥ mass / ‖W_svm‖_F`: far above the bound unless `‖W_svm‖_F max‖e‖²` exceeds some 10¹².
struct ZeroGradient {
  /// Relative to the slope's mass, a norm below which the bound is worth computing.
  private let suspicion: Double
  private let size: Double
  /// A norm at which terms are about to underflow.
  private let least: Double
  private let cells: (rows: Int, columns: Int)
  private let products: Double

  init(_ contexts: Contexts) {
    size = 2 * contexts.largestScore
    suspicion = 1e-8 * size
    least = 0x1p-970 * max(size, 1)
    cells = (contexts.lastTokens.count, contexts.vocabulary)
    products = Double(contexts.vocabulary + contexts.dimension)
  }

  /// Whether the norm of the gradient that `space` has just computed is within the bound.
  @inline(__always)
  func includes(
    _ norm: Double, _ slope: Slope, at space: some DescentSpace, of loss: some ScoreLoss
  ) -> Bool {
    norm <= max(suspicion * slope.mass, least)
      && (norm <= least || isRounding(norm, slope, at: space, of: loss))
  }

  private func isRounding(
    _ norm: Double, _ slope: Slope, at space: some DescentSpace, of loss: some ScoreLoss
  ) -> Bool {
    var magnitude = 0.0
    for row in 0..<cells.rows {
      for column in 0..<cells.columns {
        magnitude = max(magnitude, abs(space.scores[row * space.stride + column]))
      }
    }
    let units = loss.roundings(magnitude: magnitude) + products
    return norm <= Double.ulpOfOne * units * slope.mass * size * space.gain
  }
}
