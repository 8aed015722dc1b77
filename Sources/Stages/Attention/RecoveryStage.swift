import Canonical
import Manifests
import Pipeline
import Theory

extension ModelFamily {
  /// How much of the planted priorities the data state and the trained layer learned.
  static let recoveryMetrics: [Metric] = [
    Metric(
      "recovered", in: .share,
      "The share of fresh contexts whose retrieved set is the planted one; no prediction is none.",
      missing: unplanted),
    Metric(
      "recovered-of-predicted", in: .share,
      "That share of the contexts that the automaton predicts.",
      missing: "\(unplanted), or none is predicted"),
    Metric(
      "planted-mass", in: .share,
      "The mean attention mass on the planted set over fresh contexts, by iteration.",
      missing: unplanted),
  ]

  private static let unplanted = "where data.structure plants no priorities"
}

extension StageKind {
  /// The planted priorities against those retrieved from the data and those that descent learned.
  static let recovery = StageKind(
    "recovery", version: 2, models: ["attention"],
    serves: ModelFamily.recoveryMetrics.map(\.name), scope: .run,
    reads: DatasetDesign.reads + ["data.fresh-contexts"], readsSeed: true,
    inputs: [.own("data"), .own("tpg"), .own("svm"), .own("gd"), .own("fin")],
    outputs: [RunSeries.fileName]
  ) { context in
    guard let order = try DatasetDesign(context).plantedOrder(seed: context.seed) else {
      let missing = ModelFamily.recoveryMetrics.map { ($0.name, [Double?.none]) }
      return [RunSeries(iterations: [], metrics: Dictionary(uniqueKeysWithValues: missing)).bytes]
    }
    let dataset = try context.dataset()
    let trajectory = try context.trajectory()
    let automaton = try Automaton(context, embeddings: dataset.embeddings)
    let contexts = try DatasetDesign.freshContexts(context, dataset)
    let planted = contexts.map(order.highest)
    let retrieved = contexts.map { automaton.prediction(of: $0).retrieved }
    let recovered = Double(zip(planted, retrieved).count { $0 == $1 })
    let predicted = Double(retrieved.count { !$0.isEmpty })
    let masses = (0..<trajectory.count).map { record -> Double? in
      let model = NextTokenModel(
        weights: trajectory.weights(at: record), embeddings: dataset.embeddings)
      let masses = zip(contexts, planted).map { context, tokens in
        let distribution = model.distribution(after: context)
        return tokens.reduce(0) { $0 + distribution[$1] }
      }
      return Kernels.sum(masses) / Double(masses.count)
    }
    let metrics: [String: [Double?]] = [
      "recovered": [recovered / Double(contexts.count)],
      "recovered-of-predicted": [predicted > 0 ? recovered / predicted : nil],
      "planted-mass": masses,
    ]
    return [RunSeries(iterations: trajectory.iterations, metrics: metrics).bytes]
  }
}
