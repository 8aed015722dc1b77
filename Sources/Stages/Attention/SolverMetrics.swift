import Manifests

extension ModelFamily {
  /// What the Graph-SVM's solver says of a run: one value each, for all iterations.
  ///
  /// Work is counted, never timed, so these are the same on every machine.
  static let solverMetrics: [Metric] = [
    Metric(
      "margin", in: .nonnegative, "1/‖W_svm‖.", missing: "where there is no W_svm or it is 0"),
    Metric("svm-pivots", in: .nonnegative, "The changes of the solver's active set."),
    Metric(
      "svm-flops", in: .nonnegative,
      "The floating-point operations of the solver's factorisations and solves."),
    Metric("svm-edges", in: .nonnegative, "The rows of the Graph-SVM as stated."),
    Metric("svm-reduced", in: .nonnegative, "The rows of the Graph-SVM after its reductions."),
    Metric(
      "svm-active", in: .nonnegative,
      "The rows with a multiplier that is not 0.", missing: "where there is no W_svm"),
    Metric("svm-residual", in: .nonnegative, "The largest residual of the solver's certificate."),
    Metric(
      "active-condition", in: .nonnegative,
      "The condition number of the active rows' Gram matrix.", missing: "beyond 256 rows"),
  ]
}
