import TestSupport

@testable import Theory

/// Digraphs for tests, with the slowest possible answers to check against.
struct Digraph {
  let size: Int
  let edges: [TokenPriorityGraph.Edge]

  /// Digraph number `code` on `size` nodes: bit by bit, which ordered pairs are joined.
  init(size: Int, code: Int) {
    self.size = size
    var (edges, bit) = ([TokenPriorityGraph.Edge](), 0)
    for from in 0..<size {
      for to in 0..<size where from != to {
        if code >> bit & 1 == 1 { edges.append(.init(from: from, to: to)) }
        bit += 1
      }
    }
    self.edges = edges
  }

  /// A random digraph, each ordered pair joined with the given probability.
  init(size: Int, density: Double, using generator: inout SplitMix) {
    self.size = size
    var edges: [TokenPriorityGraph.Edge] = []
    for from in 0..<size {
      for to in 0..<size where from != to && generator.uniform() < density {
        edges.append(.init(from: from, to: to))
      }
    }
    self.edges = edges
  }

  /// Every digraph on up to four nodes.
  static let small: [Digraph] = (1...4).flatMap { size in
    (0..<1 << (size * (size - 1))).map { Digraph(size: size, code: $0) }
  }

  /// Whether a path (of no edge, too) leads from one node to another: Floyd and Warshall.
  static func closure(size: Int, edges: [TokenPriorityGraph.Edge]) -> [[Bool]] {
    var reach = (0..<size).map { from in (0..<size).map { $0 == from } }
    for edge in edges { reach[edge.from][edge.to] = true }
    for middle in 0..<size {
      for from in 0..<size where reach[from][middle] {
        for to in 0..<size where reach[middle][to] { reach[from][to] = true }
      }
    }
    return reach
  }

  var graph: TokenPriorityGraph {
    TokenPriorityGraph(lastToken: 0, edges: edges, vocabulary: size, tokens: Array(0..<size))
  }
}

extension SplitMix {
  /// The stream of a small seed.
  init(_ seed: Int) { self.init(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1) }

  /// Uniform on [0, 1).
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform on `0..<bound`.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// Near enough to a standard normal variable: twelve uniform ones, centred.
  mutating func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + uniform() } }

  mutating func shuffled(_ count: Int) -> [Int] {
    var items = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { items.swapAt(last, below(last + 1)) }
    return items
  }
}
