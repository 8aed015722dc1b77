import Canonical
import Pipeline
import Theory

extension StageKind {
  /// The numbers of a text's priority graphs; a mean over sequences weighs each graph by how many
  /// end in its last token.
  static let corpusAnalysis = StageKind(
    "analysis", version: 1, models: ["corpus"], scope: .run,
    inputs: [.own("vocabulary"), .own("tpg")], outputs: [RunSeries.fileName]
  ) { context in
    let file = try Tensors(bytes: context.input("tpg", CorpusGraphsFile.name))
    let graphs = try CorpusStatistics(file)
    let length = try context.vocabulary().length
    var metrics = graphs.metrics
    metrics["tokens"] = Double(length)
    return [RunSeries(iterations: [0], metrics: metrics.mapValues { [$0] }).bytes]
  }
}

/// Sums over the graphs of a text.
private struct CorpusStatistics {
  private let columns: [String: [Double]]

  init(_ file: Tensors) throws(FormatError) {
    var columns: [String: [Double]] = [:]
    for (name, _) in CorpusGraphsFile.fields {
      columns[name] = try file.integers(name).values.map(Double.init)
    }
    self.columns = columns
  }

  var metrics: [String: Double?] {
    let (tokens, largest) = (columns["tokens"]!, columns["largest"]!)
    let cyclic = columns["cyclic-tokens"]!
    let isCyclic = cyclic.map { $0 > 0 ? 1.0 : 0 }
    let edges = columns["edge-counts"]!.reduce(0, +)
    let positions = columns["positions"]!.reduce(0, +)
    return [
      "graphs": Double(tokens.count), "edges": edges,
      "edges-per-position": ratio(edges, positions),
      "cyclic-graphs": ratio(isCyclic.reduce(0, +), Double(tokens.count)),
      "cyclic-mass": mean(isCyclic),
      "largest-share": mean(zip(largest, tokens).map(/)),
      "cyclic-share": mean(zip(cyclic, tokens).map(/)),
      "components": mean(columns["components"]!), "depth": mean(columns["depths"]!),
      "greatest-depth": columns["depths"]!.max(),
    ]
  }

  /// The mean over sequences of a number that each graph has; nil without sequences.
  private func mean(_ values: [Double]) -> Double? {
    let positions = columns["positions"]!
    return ratio(zip(values, positions).reduce(0) { $0 + $1.0 * $1.1 }, positions.reduce(0, +))
  }

  private func ratio(_ part: Double, _ whole: Double) -> Double? { whole > 0 ? part / whole : nil }
}
