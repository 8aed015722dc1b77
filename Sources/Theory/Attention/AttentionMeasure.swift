/// What is measured of a run of descent, as a series over its records.
///
/// A value that is not defined is missing: the canonical NaN, `Double.nan`. Where W is not finite, so is
/// all that is measured of it.
package enum AttentionMeasure: String, Hashable, Sendable, CaseIterable {
  /// ⟨W, W_svm⟩/(‖W‖‖W_svm‖). Missing where either is 0 or the Graph-SVM is infeasible.
  case correlation
  /// The correlation of W with `C·W_svm + W_fin` for the C ≥ 0 that is nearest to W in least squares,
  /// `C = max(0, ⟨W − W_fin, W_svm⟩/‖W_svm‖²)`. Missing where `correlation` is, `W_fin` was not found, or
  /// the sum is 0 (C and `W_fin` are).
  case finiteCorrelation = "finite-correlation"
  /// The correlation of Π^⊥W with W_svm. Missing also where Π^⊥W is 0 to rounding (10⁻¹² of W).
  case projectedCorrelation = "projected-correlation"
  /// ‖ΠW − W_fin‖_F, 0 on acyclic data. Missing where `W_fin` was not found.
  case finiteDistance = "finite-distance"
  /// ‖W‖_F.
  case norm
  /// The mean over the sequences of the attention mass on the label's component.
  case labelMass = "label-mass"
  /// −ln(1 − label-mass), from the mass outside. Missing where no sequence has a token outside its
  /// label's component.
  case negLogRest = "neg-log-rest"
  /// The empirical risk; 0 where it underflows.
  case loss
  /// ‖∇L‖_F; 0 where it underflows.
  case gradientNorm = "gradient-norm"
  /// ‖W_svm‖_F, the same at every record. Missing where the Graph-SVM is infeasible.
  case svmNorm = "svm-norm"
  /// 1 where the Graph-SVM is feasible, 0 where not; the same at every record.
  case feasible
}
