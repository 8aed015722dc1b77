/// What is measured of a run of descent against the local theory of its last weights.
///
/// A value that is not defined is missing: the canonical NaN, `Double.nan`. All are where the last
/// weights are not finite or select no token of some sequence.
package enum LocalMeasure: String, Hashable, Sendable, CaseIterable {
  /// The correlation of W with the local `W_svm`, as `AttentionMeasure.correlation`.
  case correlation = "local-correlation"
  /// The correlation of W with `C·W_svm + W_fin` of the local theory, as
  /// `AttentionMeasure.finiteCorrelation`. Missing where there is no local `W_fin`.
  case finiteCorrelation = "local-finite-correlation"
  /// The correlation of the local Π^⊥W with the local `W_svm`.
  case projectedCorrelation = "local-projected-correlation"
  /// The distance of the local ΠW to the local `W_fin`. Missing where that has no finite minimiser.
  case finiteDistance = "local-finite-distance"
  /// The mean over the sequences of the attention mass on the label's local component.
  case labelMass = "local-label-mass"
  /// −ln(1 − local-label-mass), from the mass outside. Missing where no sequence has a token outside
  /// its label's local component.
  case negLogRest = "local-neg-log-rest"
  /// The mean over the sequences of the attention mass on the component of the selected tokens.
  case selectedMass = "local-selected-mass"
  /// ‖W_svm‖_F of the local Graph-SVM; missing where it is infeasible.
  case svmNorm = "local-svm-norm"
  /// 1 where the local Graph-SVM is feasible, 0 where not.
  case feasible = "local-feasible"
  /// 1 where the pseudo-TPGs state the priorities of the TPGs, so that descent converges globally;
  /// 0 where it converges locally.
  case isGlobal = "global"
}
