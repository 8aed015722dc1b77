import Canonical
import Theory

/// Token-priority graphs as arrays.
///
/// - `vocabulary` [1]: K. `last-tokens` [m]: the last token of each graph.
/// - `edges` [·, 3]: graph, from, to. `components` [·, 3]: graph, token, component; components are
///   numbered in topological order. `reduced-edges` [·, 3]: graph, from component, to component,
///   of the transitive reduction of the condensation.
enum GraphsFile {
  static let name = "graphs.safetensors"

  static func bytes(_ graphs: [TokenPriorityGraph], vocabulary: Int) -> [UInt8] {
    var edges: [Int] = []
    var components: [Int] = []
    var reduced: [Int] = []
    for (number, graph) in graphs.enumerated() {
      edges += graph.edges.flatMap { [number, $0.from, $0.to] }
      components += graph.tokens.flatMap { [number, $0, graph.component(of: $0)!] }
      reduced += graph.reducedEdges.flatMap { [number, $0.from, $0.to] }
    }
    var tensors = Tensors()
    tensors.set("vocabulary", [vocabulary])
    tensors.set("last-tokens", graphs.map(\.lastToken))
    for (name, rows) in [("edges", edges), ("components", components), ("reduced-edges", reduced)] {
      tensors.set(name, rows, shape: [rows.count / 3, 3])
    }
    return tensors.bytes
  }

  static func graphs(_ bytes: [UInt8]) throws(FormatError) -> [TokenPriorityGraph] {
    let tensors = try Tensors(bytes: bytes)
    let vocabulary = try tensors.integers("vocabulary").values[0]
    let last = try tensors.integers("last-tokens").values
    var edges = [[TokenPriorityGraph.Edge]](repeating: [], count: last.count)
    var tokens = [[Int]](repeating: [], count: last.count)
    for row in try tensors.rows("edges") {
      edges[row[0]].append(TokenPriorityGraph.Edge(from: row[1], to: row[2]))
    }
    for row in try tensors.rows("components") { tokens[row[0]].append(row[1]) }
    return last.indices.map {
      TokenPriorityGraph(
        lastToken: last[$0], edges: edges[$0], vocabulary: vocabulary, tokens: tokens[$0])
    }
  }
}

extension Tensors {
  /// The rows of a matrix of integers.
  func rows(_ name: String) throws(FormatError) -> [[Int]] {
    let (values, shape) = try integers(name)
    guard shape.count == 2, shape[1] > 0 else { throw FormatError("'\(name)' is no matrix") }
    return (0..<shape[0]).map { Array(values[$0 * shape[1]..<($0 + 1) * shape[1]]) }
  }
}
