import Pipeline
import Theory

extension StageKind {
  /// The token-priority graphs with their components.
  static let graphs = StageKind(
    "tpg", version: 1, models: ["attention"], scope: .run, inputs: [.own("data")],
    outputs: [GraphsFile.name]
  ) { context in
    let dataset = try context.dataset()
    return [
      GraphsFile.bytes(TokenPriorityGraph.all(of: dataset), vocabulary: dataset.vocabulary)
    ]
  }
}
