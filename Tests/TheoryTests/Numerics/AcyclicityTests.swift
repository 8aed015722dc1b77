import Testing

@testable import Theory

@Suite struct AcyclicityTests {
  /// Whether a graph has a cycle, by following all paths: reachability by repeated squaring.
  private func hasCycle(_ edges: [[Bool]]) -> Bool {
    var reach = edges
    let nodes = edges.indices
    for k in nodes {
      for i in nodes {
        for j in nodes where reach[i][k] && reach[k][j] { reach[i][j] = true }
      }
    }
    return nodes.contains { reach[$0][$0] }
  }

  /// Every graph on four nodes, as one star per node with successors.
  @Test func allGraphsOnFourNodes() {
    let pairs = (0..<4).flatMap { i in (0..<4).filter { $0 != i }.map { (i, $0) } }
    for graph in 0..<(1 << 12) {
      var edges = [[Bool]](repeating: [Bool](repeating: false, count: 4), count: 4)
      for (bit, pair) in pairs.enumerated() { edges[pair.0][pair.1] = graph >> bit & 1 == 1 }
      // A fifth token is the last of every sequence; it has no successors.
      let sequences = (0..<4).map { node in [node] + (0..<4).filter { edges[node][$0] } + [4] }
      let acyclic = isAcyclic(sequences: sequences, labels: [0, 1, 2, 3], vocabulary: 5)
      if acyclic == hasCycle(edges) { Issue.record("graph \(graph)") }
    }
  }

  @Test func graphsOfDifferentLastTokensAreSeparate() {
    #expect(isAcyclic(sequences: [[0, 1, 2], [0, 1, 3]], labels: [0, 1], vocabulary: 4))
    #expect(!isAcyclic(sequences: [[0, 1, 2], [0, 1, 2]], labels: [0, 1], vocabulary: 4))
  }
}
