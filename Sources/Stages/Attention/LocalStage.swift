import Canonical
import Manifests
import Pipeline
import Theory

extension StageKind {
  /// The local theory: that of the tokens which descent selected in the end, and what descent did
  /// against it at every recorded iteration.
  static let local = StageKind(
    "local", version: 2, models: ["attention"], serves: LocalMeasure.allCases.map(\.rawValue),
    scope: .run, reads: Loss.reads, inputs: [.own("data"), .own("tpg"), .own("gd")],
    outputs: [GraphsFile.name, MarginFile.name, FinitePartFile.name, RunSeries.fileName]
  ) { context in
    let dataset = try context.dataset()
    let trajectory = try context.trajectory()
    let theory = LocalTheory(
      Contexts(dataset), at: trajectory.final, loss: Loss(context.parameters),
      head: Head(context.parameters), graphs: try context.graphs())
    return theory.outputs(dataset, trajectory)
  }
}

extension LocalTheory {
  /// What the stage puts out.
  func outputs(_ dataset: Dataset, _ trajectory: Trajectory) -> [[UInt8]] {
    var metrics: [String: [Double?]] = [:]
    for measure in LocalMeasure.allCases {
      let values = series(measure, of: trajectory).map { $0.isFinite ? $0 : nil }
      metrics[measure.rawValue] = measure.isConstant ? [values.last!] : values
    }
    if case .notConverged = margin.status { metrics[LocalMeasure.feasible.rawValue] = [nil] }
    return [
      GraphsFile.bytes(graphs, vocabulary: dataset.vocabulary),
      MarginFile.bytes(margin, embeddings: dataset.embeddings),
      FinitePartFile.bytes(finitePart, dimension: dataset.dimension),
      RunSeries(iterations: trajectory.iterations, metrics: metrics).bytes,
    ]
  }
}

extension LocalMeasure {
  /// Whether it is a property of the last weights, the same at every iteration.
  fileprivate var isConstant: Bool { self == .svmNorm || self == .feasible || self == .isGlobal }
}

extension FinitePartFile {
  /// The local finite part; `weights` is empty, [0, d], where there is none.
  static func bytes(_ part: LocalFinitePart, dimension: Int) -> [UInt8] {
    var tensors = Tensors()
    tensors.set("weights", part.weights ?? Matrix(rows: 0, columns: dimension, elements: []))
    tensors.metadata = [
      "status": part.status.rawValue,
      "gradient-norm": Decimal.text(part.gradientNorm) ?? "",
      "newton-steps": String(part.iterations),
    ]
    return tensors.bytes
  }
}
