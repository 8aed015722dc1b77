extension GraphSVM {
  /// Proof that a `W` is the optimum, computed from the embeddings and all original edges.
  ///
  /// With multipliers `λ_r` and `a_r = (e_i − e_j) e_kᵀ`, for every feasible `W'` weak duality gives
  /// `½‖W'‖² ≥ Σ_strict λ_r − ½‖Σ λ_r a_r‖²` if λ ≥ 0 on the strict rows; the residuals say how far
  /// `W` is from feasible and from reaching that bound. docs/solver.md has the formulas.
  package struct Certificate: Hashable, Sendable {
    /// The largest violation of a row, relative to ‖a_r‖ ‖W‖ if that is between 1 and
    /// `largestScale`, else to these.
    package let primalResidual: Double
    /// The larger of ‖W − Σ λ_r a_r‖ / ‖W‖ and the most negative strict λ over the largest |λ|.
    package let dualResidual: Double
    /// Σ_strict |λ_r (⟨a_r, W⟩ − 1)| / Σ_strict |λ_r| s_r, s_r what `primalResidual` is relative to.
    package let complementarity: Double
    /// |½‖W‖² − (Σ_strict λ_r − ½‖Σ λ_r a_r‖²)| / (½‖W‖²).
    package let gap: Double
    /// The multipliers that are not 0, ordered by (k, i, j).
    package let multipliers: [Multiplier]

    /// The largest of the four residuals.
    package var worst: Double {
      let all = [primalResidual, dualResidual, complementarity, gap]
      return all.contains { !$0.isFinite } ? .infinity : all.reduce(0, max)
    }
  }

  /// Proof that no `W` is feasible: `Σ λ_r a_r = 0` with λ ≥ 0 on the strict rows and
  /// `Σ_strict λ_r = 1`. For a feasible `W`, `0 = ⟨Σ λ_r a_r, W⟩ = Σ λ_r ⟨a_r, W⟩ ≥ 1`.
  package struct FarkasCertificate: Hashable, Sendable {
    /// The largest of ‖Σ λ_r a_r‖_F, `relativeResidual`, and the most negative strict λ over the
    /// largest |λ|.
    package let residual: Double
    /// ‖Σ λ_r a_r‖_F / Σ |λ_r| ‖a_r‖_F; 0 where every row vanishes.
    package let relativeResidual: Double
    /// The multipliers that are not 0, ordered by (k, i, j).
    package let multipliers: [Multiplier]
  }
}
