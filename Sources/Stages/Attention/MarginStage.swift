import Canonical
import Pipeline
import Theory

extension StageKind {
  /// The Graph-SVM with the certificate of its solution or of its infeasibility.
  static let margin = StageKind(
    "svm", version: 2, models: ["attention"], scope: .run, inputs: [.own("data"), .own("tpg")],
    outputs: [MarginFile.name]
  ) { context in
    let dataset = try DatasetFile.dataset(context.input("data", DatasetFile.name))
    let graphs = try GraphsFile.graphs(context.input("tpg", GraphsFile.name))
    let solution = GraphSVM.solve(embeddings: dataset.embeddings, graphs: graphs)
    return [MarginFile.bytes(solution)]
  }
}

/// The solution as JSON: doubles in their shortest decimals, which read back to the bit.
enum MarginFile {
  static let name = "solution.json"

  static func bytes(_ solution: GraphSVM.Solution) -> [UInt8] {
    Array(Value.map(MarginDocument.value(solution)).json().utf8)
  }

  /// The status, and `W_svm` where there is one.
  static func solution(_ bytes: [UInt8]) throws -> (status: String, weights: Matrix?) {
    guard let document = Value(json: bytes), let status = document["status"]?.string else {
      throw FormatError("\(name) has no status")
    }
    let rows = document["W"]?.list?.map { $0.list!.map { $0.double! } }
    return (
      status,
      rows.map {
        Matrix(rows: $0.count, columns: $0.first?.count ?? 0, elements: $0.flatMap(\.self))
      }
    )
  }
}
