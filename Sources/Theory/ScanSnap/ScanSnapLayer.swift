/// What is done with the attention of a last token before it is decoded: the variants of the model
/// `logits = Y f(b)`, `b_l ∝ count_l exp(Z_{m,l})` (arXiv 2305.16380, section 2).
package struct ScanSnapLayer: Hashable, Sendable {
  /// Whether `f = b/‖b‖₂`, as in the paper; else `f = b`.
  package var isNormalised: Bool
  /// Whether the last token's unit vector is added to `b`, before it is normalised.
  package var hasResidual: Bool
  /// Whether the last token attends to itself as well.
  package var attendsToLast: Bool

  package init(
    isNormalised: Bool = true, hasResidual: Bool = false, attendsToLast: Bool = false
  ) {
    (self.isNormalised, self.hasResidual) = (isNormalised, hasResidual)
    self.attendsToLast = attendsToLast
  }

  /// Whether the decoder sees last tokens.
  var seesLast: Bool { hasResidual || attendsToLast }
}
