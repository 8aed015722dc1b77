import Canonical
import Manifests
import Pipeline
import Theory

extension ModelFamily {
  /// How far the automaton is from the trained layer: total-variation distances at each recorded
  /// iteration, and shares of fresh contexts for the whole run.
  static let automatonMetrics: [Metric] = [
    Metric(
      "automaton-distance", in: .share,
      "The mean total-variation distance of the automaton to the attention on training contexts."),
    Metric("fresh-unique", in: .share, "The share of fresh contexts with one maximal component."),
    Metric("fresh-by-margin", in: .share, "The share of fresh contexts that W_svm decides."),
    Metric(
      "fresh-ambiguous", in: .share, "The share of fresh contexts that W_svm leaves undecided."),
    Metric(
      "fresh-unseen", in: .share,
      "The share of fresh contexts whose last token is that of no sequence."),
    Metric(
      "fresh-unique-distance", in: .share,
      "The automaton's distance on fresh contexts with one component.", missing: uncounted),
    Metric(
      "fresh-by-margin-distance", in: .share,
      "The automaton's distance on fresh contexts W_svm decides.", missing: uncounted),
    Metric(
      "fresh-wide-distance", in: .share,
      "The same of those decided by a score gap of at least 1/2.",
      missing: uncounted),
    Metric(
      "fresh-narrow-distance", in: .share, "The same of those decided by a score gap below 1/2.",
      missing: uncounted),
  ]

  private static let uncounted = "where no fresh context is so"
}

extension StageKind {
  /// The automaton that the theory predicts against the trained layer, on training and fresh contexts.
  static let automaton = StageKind(
    "automaton", version: 2, models: ["attention"],
    serves: ModelFamily.automatonMetrics.map(\.name), scope: .run,
    reads: DatasetDesign.reads + ["data.fresh-contexts"], readsSeed: true,
    inputs: [.own("data"), .own("tpg"), .own("svm"), .own("gd"), .own("fin")],
    outputs: [RunSeries.fileName]
  ) { context in
    let dataset = try context.dataset()
    let trajectory = try context.trajectory()
    let automaton = try Automaton(context, embeddings: dataset.embeddings)
    let training = AutomatonAgreement(of: automaton, on: dataset.sequences)
    let fresh = AutomatonAgreement(
      of: automaton, on: try DatasetDesign.freshContexts(context, dataset))
    let models = (0..<trajectory.count).map {
      NextTokenModel(weights: trajectory.weights(at: $0), embeddings: dataset.embeddings)
    }
    func distances(
      _ agreement: AutomatonAgreement, _ counts: (Prediction) -> Bool = { _ in true }
    ) -> [Double?] {
      models.map { agreement.distance(to: $0, counting: counts) }.map { $0.isFinite ? $0 : nil }
    }
    var metrics = ["automaton-distance": distances(training)]
    for status in Prediction.Status.allCases {
      metrics["fresh-\(status.rawValue)"] = [fresh.share(status)]
    }
    metrics["fresh-unique-distance"] = distances(fresh) { $0.status == .unique }
    metrics["fresh-by-margin-distance"] = distances(fresh) { $0.status == .byMargin }
    metrics["fresh-wide-distance"] = distances(fresh) { $0.status == .byMargin && $0.gap >= 0.5 }
    metrics["fresh-narrow-distance"] = distances(fresh) { $0.status == .byMargin && $0.gap < 0.5 }
    return [RunSeries(iterations: trajectory.iterations, metrics: metrics).bytes]
  }
}

extension DatasetDesign {
  /// Contexts drawn as those of the run's data are, and independent of them.
  static func freshContexts(_ context: StageContext, _ dataset: Dataset) throws -> [[Int]] {
    try DatasetDesign(context).drawContexts(
      context.parameters["data.fresh-contexts"].integer!, beside: dataset, seed: context.seed)
  }
}
