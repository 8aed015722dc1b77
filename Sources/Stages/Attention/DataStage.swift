import Canonical
import Manifests
import Pipeline
import Theory

extension StageKind {
  /// The sequences, their labels and the embeddings.
  static let data = StageKind(
    "data", version: 1, models: ["attention"], scope: .run,
    reads: DatasetDesign.reads + ["data.label-noise"], readsSeed: true, outputs: [DatasetFile.name]
  ) { context in
    let design = try DatasetDesign(context)
    let dataset = try design.draw(seed: context.seed)
    if case .given = design.structure {
      let sizes = ModelFamily.datasetSizes.map { context.parameters[$0].integer! }
      try dataset.check(sizes: sizes, of: "data.structure")
    }
    let share = context.parameters["data.label-noise"].double!
    guard share > 0 else { return [DatasetFile.bytes(dataset)] }
    var noise = Stream(kind: "data", seed: context.seed, purpose: "label-noise")
    return [DatasetFile.bytes(dataset.replacingLabels(share: share, from: &noise))]
  }
}
