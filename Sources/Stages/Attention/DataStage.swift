import Pipeline
import Theory

extension StageKind {
  /// The sequences, their labels and the embeddings.
  static let data = StageKind(
    "data", version: 1, models: ["attention"], scope: .run, reads: DatasetDesign.reads,
    readsSeed: true, outputs: [DatasetFile.name]
  ) { context in
    let design = try DatasetDesign(context)
    let dataset = try design.draw(seed: context.seed)
    if case .given = design.structure { try design.check(dataset) }
    return [DatasetFile.bytes(dataset)]
  }
}
