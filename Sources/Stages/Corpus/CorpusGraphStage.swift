import Canonical
import Manifests
import Pipeline
import Theory

extension StageKind {
  /// The token-priority graphs of a text with their components, one last token after the other.
  static let corpusGraphs = StageKind(
    "tpg", version: 1, models: ["corpus"], scope: .run,
    reads: ["data.text", "data.context", "data.keep"],
    inputs: [.own("vocabulary"), .own("order")], outputs: [CorpusGraphsFile.name],
    cost: corpusCost
  ) { context in
    let vocabulary = try context.vocabulary()
    var edges = CorpusEdges(
      context: context.parameters["data.context"].integer!, vocabulary: vocabulary.count,
      memory: memory, store: ScratchRuns(scratch: try context.scratch()))
    let order = TokenOrder(bytes: try context.input("order", TokenOrder.fileName))
    if let seed = order.shuffleSeed {
      var tokens: [UInt32] = []
      try context.forEachToken(of: vocabulary) { tokens += $0 }
      try edges.append(TokenOrder.shuffled(tokens, seed: seed))
    } else {
      try context.forEachToken(of: vocabulary) { try edges.append($0) }
    }
    let keepsEdges = context.parameters["data.keep"] == "edges"
    var file = CorpusGraphsFile(vocabulary: vocabulary.count, keepsEdges: keepsEdges)
    try edges.finish(keepingEdges: keepsEdges) { file.append($0) }
    return [file.bytes]
  }

  /// About how long a text of some 10⁵ words takes, in seconds.
  private static func corpusCost(_ parameters: Parameters) -> Double {
    2e-3 * Double(parameters["data.context"].integer ?? 0)
  }

  /// The bytes that edges may take before they go to a temporary file; no output depends on it.
  private static let memory = 1 << 30
}

/// Runs of edges in a temporary file.
private struct ScratchRuns: RunStore {
  let scratch: StageScratch

  func write(_ words: [UInt32]) throws {
    try words.withUnsafeBytes { try scratch.append($0) }
  }

  func read(at offset: Int, count: Int) throws -> [UInt32] {
    try scratch.read(at: 4 * offset, count: 4 * count).withUnsafeBytes { bytes in
      (0..<count).map { bytes.load(fromByteOffset: 4 * $0, as: UInt32.self) }
    }
  }
}
