import Canonical
import Pipeline
import Theory

extension StageKind {
  /// The Graph-SVM with the certificate of its solution or of its infeasibility.
  static let margin = StageKind(
    "svm", version: 1, models: ["attention"], scope: .run, inputs: [.own("data"), .own("tpg")],
    outputs: [MarginFile.name], usesThreads: true
  ) { context in
    let dataset = try context.dataset()
    let solution = GraphSVM.solve(
      embeddings: dataset.embeddings, graphs: try context.graphs(),
      workers: Workers(count: context.threads))
    return [MarginFile.bytes(solution, embeddings: dataset.embeddings)]
  }
}
