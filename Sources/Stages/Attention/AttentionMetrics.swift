import Manifests
import Theory

extension ModelFamily {
  /// What the analysis of an attention run yields, at each recorded iteration.
  static let attentionMetrics: [Metric] = [
    Metric(
      "correlation", in: .correlation, "The correlation of W with the Graph-SVM solution.",
      missing: "where W or W_svm is 0, and where there is no W_svm"),
    Metric(
      "finite-correlation", in: .correlation, "The correlation of W with C·W_svm + W_fin.",
      missing: "where W, W_svm or the sum is 0, and where there is no W_svm or no W_fin"),
    Metric(
      "projected-correlation", in: .correlation,
      "The correlation of W outside of the cyclic subspace with the Graph-SVM solution.",
      missing: "where W has no part outside, W_svm is 0, or there is no W_svm"),
    Metric(
      "finite-distance", in: .nonnegative, "The distance of W within the cyclic subspace to W_fin.",
      missing: "where there is no W_fin"),
    Metric("norm", in: .nonnegative, "The Frobenius norm of W."),
    Metric("label-mass", in: .share, "The mean attention mass on the label's component."),
    Metric(
      "neg-log-rest", in: .nonnegative,
      "−log(1 − m), m being the mean attention mass on the label's component.",
      missing: "where no sequence has a token outside of its label's component"),
    Metric("loss", "The empirical risk."),
    Metric(
      "gradient-norm", in: .nonnegative, "The Frobenius norm of the gradient of the empirical risk."
    ),
    Metric(
      "svm-norm", in: .nonnegative, "The Frobenius norm of the Graph-SVM solution.",
      missing: "where there is no W_svm"),
    Metric(
      "feasible", in: .share, "1 where the Graph-SVM has a solution, 0 where it has none.",
      missing: "where the solver did not find out"),
  ]

  /// What the local theory yields; runs have it where a figure or a claim names one of them.
  static let localMetrics = LocalMeasure.allCases.map {
    Metric($0.rawValue, in: $0.bounds, $0.doc, missing: $0.missing)
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

  fileprivate var missing: String? {
    switch self {
    case .correlation: "where W or the local W_svm is 0, and where there is no local W_svm"
    case .finiteCorrelation:
      "where W, the local W_svm or the sum is 0, and where there is no local W_svm or no local W_fin"
    case .projectedCorrelation:
      "where W has no part outside, the local W_svm is 0, or there is no local W_svm"
    case .finiteDistance: "where there is no local W_fin"
    case .negLogRest: "where no sequence has a token outside of its label's local component"
    case .svmNorm: "where there is no local W_svm"
    case .feasible: "where the solver did not find out"
    case .labelMass, .selectedMass, .isGlobal: "where no token of some sequence is selected"
    }
  }

  fileprivate var doc: String {
    switch self {
    case .correlation: "The correlation of W with the local Graph-SVM solution."
    case .finiteCorrelation: "The correlation of W with C·W_svm + W_fin of the local theory."
    case .projectedCorrelation:
      "The correlation of W outside of the local cyclic subspace with the local Graph-SVM solution."
    case .finiteDistance:
      "The distance of W within the local cyclic subspace to the local W_fin."
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
