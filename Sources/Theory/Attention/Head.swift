/// What makes logits u of the attention masses a.
package enum Head: String, Hashable, Sendable, CaseIterable {
  /// Weight tying, `C Eᵀ = I`: `u_j = a_j` (arXiv 2403.08081, Assumption 1).
  case tied
  /// `C = E`: `u_j = e_jᵀ f_W(X) = Σ_i (E Eᵀ)_{ji} a_i`.
  case general
}
