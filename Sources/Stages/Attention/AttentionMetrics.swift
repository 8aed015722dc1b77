import Manifests
import Theory

extension ModelFamily {
  /// What the analysis of an attention run yields, at each recorded iteration.
  static let attentionMetrics: [Metric] = [
    Metric("correlation", in: .correlation, "The correlation of W with the Graph-SVM solution."),
    Metric("finite-correlation", in: .correlation, "The correlation of W with C·W_svm + W_fin."),
    Metric(
      "projected-correlation", in: .correlation,
      "The correlation of W outside of the cyclic subspace with the Graph-SVM solution."),
    Metric(
      "finite-distance", in: .nonnegative, "The distance of W within the cyclic subspace to W_fin."),
    Metric("norm", in: .nonnegative, "The Frobenius norm of W."),
    Metric("label-mass", in: .share, "The mean attention mass on the label's component."),
    Metric(
      "neg-log-rest", in: .nonnegative,
      "−log(1 − m), m being the mean attention mass on the label's component."),
    Metric("loss", "The empirical risk."),
    Metric(
      "gradient-norm", in: .nonnegative, "The Frobenius norm of the gradient of the empirical risk."
    ),
    Metric("svm-norm", in: .nonnegative, "The Frobenius norm of the Graph-SVM solution."),
    Metric("feasible", in: .share, "1 where the Graph-SVM has a solution, 0 where it has none."),
  ]

  /// What the local theory yields; runs have it where a figure or a claim names one of them.
  static let localMetrics = LocalMeasure.allCases.map {
    Metric($0.rawValue, in: $0.bounds, $0.doc)
  }
}

extension LocalMeasure {
  fileprivate var bounds: Bounds {
    switch self {
    case .correlation, .finiteCorrelation, .projectedCorrelation: .correlation
    case .labelMass, .selectedMass, .feasible, .isGlobal: .share
    case .finiteDistance, .negLogRest, .svmNorm: .nonnegative
    }
  }

  fileprivate var doc: String {
    switch self {
    case .correlation: "The correlation of W with the local Graph-SVM solution."
    case .finiteCorrelation: "The correlation of W with C·W_svm + W_fin of the local theory."
    case .projectedCorrelation:
      "The correlation of W outside of the local cyclic subspace with the local Graph-SVM solution."
    case .finiteDistance:
      "The distance of W within the local cyclic subspace to the local W_fin; missing without one."
    case .labelMass: "The mean attention mass on the label's local component."
    case .negLogRest:
      "−log(1 − m), m being the mean attention mass on the label's local component."
    case .selectedMass: "The mean attention mass on the component of the selected tokens."
    case .svmNorm: "The Frobenius norm of the local Graph-SVM solution."
    case .feasible: "1 where the local Graph-SVM has a solution, 0 where it has none."
    case .isGlobal:
      "1 where the selected tokens state the priorities of the data, 0 where descent is local."
    }
  }
}
