import Manifests

extension ModelFamily {
  /// What the analysis of an attention run yields, at each recorded iteration.
  static let attentionMetrics: [Metric] = [
    Metric("correlation", "The correlation of W with the Graph-SVM solution."),
    Metric("finite-correlation", "The correlation of W with C·W_svm + W_fin."),
    Metric(
      "projected-correlation",
      "The correlation of W outside of the cyclic subspace with the Graph-SVM solution."),
    Metric("finite-distance", "The distance of W within the cyclic subspace to W_fin."),
    Metric("norm", "The Frobenius norm of W."),
    Metric("label-mass", "The mean attention mass on the label's component."),
    Metric(
      "neg-log-rest", "−log(1 − m), m being the mean attention mass on the label's component."),
    Metric("loss", "The empirical risk."),
    Metric("gradient-norm", "The Frobenius norm of the gradient of the empirical risk."),
    Metric("svm-norm", "The Frobenius norm of the Graph-SVM solution."),
    Metric("feasible", "1 where the Graph-SVM has a solution, 0 where it has none."),
  ]
}
