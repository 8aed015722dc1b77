import Canonical
import Manifests
import Pipeline
import Theory

extension ModelFamily {
  /// What the regularisation path says at one radius R: one value each, for all iterations.
  static let pathMetrics: [Metric] = [
    Metric(
      "path-correlation", in: .correlation, "The correlation of W̄_R with the Graph-SVM solution.",
      missing: undirected),
    Metric(
      "path-misalignment", in: .nonnegative, "1 less that correlation, without its rounding.",
      missing: undirected),
    Metric(
      "path-finite-distance", in: .nonnegative,
      "The distance of W̄_R within the cyclic subspace to W_fin.",
      missing: "\(unproved), and where there is no W_fin"),
    Metric("path-loss", in: .nonnegative, "The empirical risk of W̄_R.", missing: unproved),
    Metric(
      "path-residual", in: .nonnegative,
      "The larger of W̄_R's residuals of optimality, within S_fin and outside.",
      missing: unproved),
    Metric(
      "path-direction-rate",
      "The power of R with which the misalignment falls between R/2 and R.",
      missing: undirected),
    Metric(
      "path-finite-rate",
      "The number of times ‖W_svm‖ for which the distance falls by e, from R/2 to R: 1 in theory.",
      missing: "\(unproved), and where a distance is rounding"),
  ]

  private static let unproved = "where the path's point is not certified"
  private static let undirected = "\(unproved), and where W_svm is 0 or there is none"
}

extension StageKind {
  /// The risk's minimiser in the ball of radius R, against what the theory says of it.
  static let path = StageKind(
    "path", version: 2, models: ["attention"], serves: ModelFamily.pathMetrics.map(\.name),
    scope: .run, reads: ["train.loss", "train.radius"],
    inputs: [.own("data"), .own("tpg"), .own("svm"), .own("fin")], outputs: [RunSeries.fileName],
    cost: RegularisationPath.cost
  ) { context in
    guard context.parameters["train.loss"] == "log" else {
      throw FormatError("the regularisation path is that of the log-loss: use train.loss: log")
    }
    let radius = context.parameters["train.radius"].double!
    let dataset = try context.dataset()
    let components = try context.graphs().components(vocabulary: dataset.vocabulary)
    let subspace = CyclicSubspace(embeddings: dataset.embeddings, components: components)
    let path = RegularisationPath(
      Contexts(dataset), components: components, in: subspace, radii: [radius / 2, radius])
    let comparison = PathComparison(
      path, in: subspace, margin: try context.margin(), finitePart: try context.finitePart())
    return [RunSeries(iterations: [], metrics: comparison.metrics).bytes]
  }
}

extension RegularisationPath {
  /// About how long two of its points take, in seconds.
  fileprivate static func cost(_: Parameters) -> Double { 4e-3 }
}

/// Two points of the regularisation path, at R/2 and R, beside `W_svm` and `W_fin`.
private struct PathComparison {
  private let points: [RegularisationPath.Point]
  /// NaN where there is no `W_svm` or it is 0.
  private let misalignments: [Double]
  private let distances: [Double]
  private let marginNorm: Double

  init(
    _ path: RegularisationPath, in subspace: CyclicSubspace, margin: Matrix?, finitePart: Matrix?
  ) {
    points = path.points
    misalignments = points.map { point in
      margin.map { Decomposition.misalignment(point.weights, $0) } ?? .nan
    }
    distances = points.map { subspace.distance(of: $0.weights, from: finitePart) }
    marginNorm = margin?.norm ?? .nan
  }

  var metrics: [String: [Double?]] {
    let outer = points[1]
    let isProved = outer.status != .stalled
    func value(_ value: Double) -> [Double?] { [isProved && value.isFinite ? value : nil] }
    return [
      "path-correlation": value(1 - misalignments[1]),
      "path-misalignment": value(misalignments[1]),
      "path-finite-distance": value(distances[1]),
      "path-loss": value(outer.loss),
      "path-residual": value(max(outer.residual, outer.finiteResidual)),
      "path-direction-rate": value(directionRate),
      "path-finite-rate": value(finiteRate),
    ]
  }

  /// log₂ of the ratio of the misalignments.
  private var directionRate: Double {
    guard points[0].status == .optimal, points[1].status == .optimal else { return .nan }
    return Kernels.log(misalignments[0] / misalignments[1]) / Kernels.log(2)
  }

  /// `−ln(distance(R)/distance(R/2)) / (R/2) · ‖W_svm‖`; NaN where a distance is rounding.
  private var finiteRate: Double {
    let radius = points[1].radius
    guard points[0].status == .optimal, points[1].status == .optimal,
      distances[1] > 1e-11 * radius
    else { return .nan }
    return Kernels.log(distances[0] / distances[1]) / (radius / 2) * marginNorm
  }
}
