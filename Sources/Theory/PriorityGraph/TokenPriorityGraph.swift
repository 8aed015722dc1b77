/// The token-priority graph `G^(k)` of one last token `k`: which token was chosen over which.
///
/// Every sequence that ends in `k` gives an edge from its label `y` to each other token of the
/// sequence. Inside a strongly connected component (SCC) tokens share one priority (`i ≍ j`);
/// an edge between components is a strictly higher priority (`i ⇒ j`).
///
/// Source: Li et al., AISTATS 2024 (arXiv 2403.08081), section 2.
package struct TokenPriorityGraph: Hashable, Sendable {
  /// An edge from a token to one of lower or equal priority.
  package struct Edge: Hashable, Comparable, Sendable {
    package let from: Int
    package let to: Int

    package init(from: Int, to: Int) { (self.from, self.to) = (from, to) }

    package static func < (left: Edge, right: Edge) -> Bool {
      (left.from, left.to) < (right.from, right.to)
    }
  }

  /// k, the token that ends the sequences.
  package let lastToken: Int
  /// K, the number of token ids.
  package let vocabulary: Int
  /// Every edge once, in increasing order; never from a token to itself.
  package let edges: [Edge]
  /// The tokens that occur in k's sequences, in increasing order.
  package let tokens: [Int]
  /// The number of each of `tokens`' component.
  let component: [Int]
  let condensation: Condensation
  /// Which positions in `tokens` an edge joins.
  let adjacency: BitMatrix

  /// The graph with the given edges.
  ///
  /// - Parameters:
  ///   - edges: in any order, repetitions and loops allowed (both are left out).
  ///   - vocabulary: K; every token is in `0..<K`.
  ///   - tokens: tokens that occur although no edge may touch them.
  package init(lastToken: Int, edges: [Edge], vocabulary: Int, tokens: [Int] = []) {
    let ends = edges.flatMap { [$0.from, $0.to] }
    var present = Array(Set(ends + tokens)).sorted()
    precondition(
      present.allSatisfy { (0..<vocabulary).contains($0) }, "tokens are in 0..<\(vocabulary)")
    if present.count == vocabulary { present = Array(0..<vocabulary) }
    var adjacency = BitMatrix(size: present.count)
    let index = TokenIndex(tokens: present)
    for edge in edges where edge.from != edge.to {
      adjacency[index.position(of: edge.from)!, index.position(of: edge.to)!] = true
    }
    self.init(lastToken: lastToken, adjacency: adjacency, tokens: present, vocabulary: vocabulary)
  }

  /// The graph of an adjacency relation between the positions in `tokens`.
  init(lastToken: Int, adjacency: BitMatrix, tokens: [Int], vocabulary: Int) {
    let count = adjacency.count
    var edges: [Edge] = []
    edges.reserveCapacity(count)
    (component, condensation) = withUnsafeTemporaryAllocation(
      of: Int.self, capacity: tokens.count + 1 + count
    ) { memory in
      let starts = memory.baseAddress!
      let targets = starts + tokens.count + 1
      starts[0] = 0
      for from in 0..<tokens.count {
        adjacency.forEach(inRow: from) { to in
          targets[edges.count] = to
          edges.append(Edge(from: tokens[from], to: tokens[to]))
        }
        starts[from + 1] = edges.count
      }
      let components = StrongComponents(size: tokens.count, starts: starts, targets: targets)
      let condensation = Condensation(
        components, nodes: tokens.count, starts: starts, targets: targets)
      return (components.component, condensation)
    }
    (self.lastToken, self.vocabulary, self.adjacency) = (lastToken, vocabulary, adjacency)
    (self.edges, self.tokens) = (edges, tokens)
  }
}

/// Where each token stands in a sorted list.
struct TokenIndex {
  let tokens: [Int]

  /// The token's position, by bisection; nil: not in the list.
  func position(of token: Int) -> Int? {
    if token < tokens.count, token >= 0, tokens[token] == token { return token }
    var (low, high) = (0, tokens.count)
    while low < high {
      let middle = (low + high) / 2
      if tokens[middle] < token { low = middle + 1 } else { high = middle }
    }
    return low < tokens.count && tokens[low] == token ? low : nil
  }
}
