import Canonical
import Theory

/// The priority graphs of a text as arrays, one row or one element a graph.
///
/// - `vocabulary` [1]: K. `last-tokens`, `positions`, `labels`, `tokens`, `edge-counts`,
///   `components`, `largest`, `cyclic-tokens`, `depths` [m]: the fields of ``CorpusGraph``.
/// - `edges` [·]: if they are kept, `(k K + i) K + j` for each edge `i → j` of `G^(k)`, increasing;
///   8 bytes an edge.
struct CorpusGraphsFile {
  static let name = "corpus-graphs.safetensors"

  /// The fields of the graphs, by name.
  static let fields: [(name: String, value: @Sendable (CorpusGraph) -> Int)] = [
    ("last-tokens", { $0.lastToken }), ("positions", { $0.positions }), ("labels", { $0.labels }),
    ("tokens", { $0.tokens }), ("edge-counts", { $0.edgeCount }),
    ("components", { $0.components }), ("largest", { $0.largest }),
    ("cyclic-tokens", { $0.cyclicTokens }), ("depths", { $0.depth }),
  ]

  private let vocabulary: Int
  private let keepsEdges: Bool
  private var columns = [[Int]](repeating: [], count: fields.count)
  private var edges: [Int] = []

  init(vocabulary: Int, keepsEdges: Bool) {
    (self.vocabulary, self.keepsEdges) = (vocabulary, keepsEdges)
  }

  mutating func append(_ graph: CorpusGraph) {
    for (index, field) in Self.fields.enumerated() { columns[index].append(field.value(graph)) }
    for edge in graph.edges {
      edges.append((graph.lastToken * vocabulary + Int(edge.from)) * vocabulary + Int(edge.to))
    }
  }

  var bytes: [UInt8] {
    var tensors = Tensors()
    tensors.set("vocabulary", [vocabulary])
    for (field, column) in zip(Self.fields, columns) { tensors.set(field.name, column) }
    if keepsEdges { tensors.set("edges", edges) }
    return tensors.bytes
  }
}
