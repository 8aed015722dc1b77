import Canonical
import Pipeline
import Theory

extension StageKind {
  /// What the theory predicts against what descent did, at every recorded iteration.
  static let attentionAnalysis = StageKind(
    "analysis", version: 2, models: ["attention"], scope: .run,
    inputs: [.own("data"), .own("tpg"), .own("svm"), .own("gd"), .own("fin")],
    outputs: [RunSeries.fileName]
  ) { context in
    let dataset = try context.dataset()
    let components = try context.graphs().components(vocabulary: dataset.vocabulary)
    let margin = try context.marginFile()
    let trajectory = try context.trajectory()
    let measures = Measures(
      Contexts(dataset), components: components, margin: margin.optimum,
      subspace: CyclicSubspace(embeddings: dataset.embeddings, components: components),
      finitePart: try context.finitePart())
    var metrics = margin.metrics
    for measure in AttentionMeasure.allCases {
      let values = measures.series(measure, of: trajectory).map { $0.isFinite ? $0 : nil }
      metrics[measure.rawValue] = measure.isConstant ? [values.last!] : values
    }
    if margin.status == "not-converged" { metrics[AttentionMeasure.feasible.rawValue] = [nil] }
    return [RunSeries(iterations: trajectory.iterations, metrics: metrics).bytes]
  }
}

extension AttentionMeasure {
  /// Whether it is a property of the dataset, the same at every iteration.
  fileprivate var isConstant: Bool { self == .svmNorm || self == .feasible }
}
