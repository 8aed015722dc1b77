import Canonical
import Manifests
import Pipeline
import Theory

extension ModelFamily {
  /// What the decomposition `W = C·W_svm + W_fin + remainder` yields at each recorded iteration.
  static let decompositionMetrics: [Metric] = [
    Metric(
      "margin-factor", "The C of W = C·W_svm + W_fin + remainder that is nearest to W.",
      missing: "where there is no W_svm or no W_fin"),
    Metric(
      "remainder", in: .nonnegative, "The Frobenius norm of W − C·W_svm − W_fin.",
      missing: "where there is no W_svm or no W_fin"),
    Metric(
      "misalignment", in: .nonnegative,
      "1 less the correlation of W with W_svm, without its rounding.",
      missing: "where W or W_svm is 0, and where there is no W_svm"),
    Metric(
      "neg-log-misalignment",
      "−log of the misalignment: its slope is the power of τ with which that falls.",
      missing: "where the misalignment is missing or 0"),
  ]
}

extension StageKind {
  /// Trained weights split as the theory says, at every recorded iteration.
  static let decomposition = StageKind(
    "decomposition", version: 2, models: ["attention"],
    serves: ModelFamily.decompositionMetrics.map(\.name), scope: .run,
    inputs: [.own("svm"), .own("gd"), .own("fin")], outputs: [RunSeries.fileName]
  ) { context in
    let trajectory = try context.trajectory()
    let names = ModelFamily.decompositionMetrics.map(\.name)
    guard let margin = try context.margin() else {
      let missing = names.map { ($0, [Double?.none]) }
      return [RunSeries(iterations: [], metrics: Dictionary(uniqueKeysWithValues: missing)).bytes]
    }
    let finitePart = try context.finitePart()
    var metrics: [String: [Double?]] = [:]
    for record in 0..<trajectory.count {
      let weights = trajectory.weights(at: record)
      let parts = finitePart.map { Decomposition(of: weights, margin: margin, finitePart: $0) }
      let misalignment = Decomposition.misalignment(weights, margin)
      let values = [
        parts?.factor ?? .nan, parts?.remainder.norm ?? .nan, misalignment,
        -Kernels.log(misalignment),
      ]
      for (name, value) in zip(names, values) {
        metrics[name, default: []].append(value.isFinite ? value : nil)
      }
    }
    return [RunSeries(iterations: trajectory.iterations, metrics: metrics).bytes]
  }
}
