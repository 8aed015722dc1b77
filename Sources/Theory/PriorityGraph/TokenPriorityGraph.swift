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
  /// The tokens that occur in k's sequences, in increasing order.
  package let tokens: [Int]
  /// The graph itself, nodes being positions in `tokens`, and that of its components.
  let condensation: Condensation

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
    var adjacency = Condensation.Relation.matrix(nodes: present.count)
    let index = TokenIndex(tokens: present)
    for edge in edges where edge.from != edge.to {
      adjacency[index.position(of: edge.from)!, index.position(of: edge.to)!] = true
    }
    self.init(lastToken: lastToken, adjacency: adjacency, tokens: present, vocabulary: vocabulary)
  }

  /// The graph of an adjacency relation between the positions in `tokens`, in a matrix of
  /// `Condensation.Relation`.
  init(lastToken: Int, adjacency: BitMatrix, tokens: [Int], vocabulary: Int) {
    (self.lastToken, self.vocabulary, self.tokens) = (lastToken, vocabulary, tokens)
    condensation = Condensation(adjacency)
  }

  /// The number of each of `tokens`' component.
  var component: [Int] { condensation.component }

  /// Every edge once, in increasing order; never from a token to itself.
  package var edges: [Edge] {
    var result: [Edge] = []
    result.reserveCapacity(condensation.edgeCount)
    for from in tokens.indices {
      condensation.forEach(.adjacency, of: from) { to in
        result.append(Edge(from: tokens[from], to: tokens[to]))
      }
    }
    return result
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
