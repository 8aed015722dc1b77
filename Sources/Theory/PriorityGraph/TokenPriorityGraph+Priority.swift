extension TokenPriorityGraph {
  /// Which of the two relations an edge states.
  package enum Relation: Hashable, Sendable {
    /// `i ≍ j`: joined by an edge inside one component.
    case equal
    /// `i ⇒ j`: the edge leads to another component, of strictly lower priority.
    case strict
  }

  /// The number of strongly connected components.
  package var componentCount: Int { condensation.size }

  /// The number of a token's component; nil: the token does not occur in k's sequences.
  ///
  /// The numbers are a topological order: 0 has the highest priority, and every edge leads to an
  /// equal or higher number.
  package func component(of token: Int) -> Int? {
    TokenIndex(tokens: tokens).position(of: token).map { component[$0] }
  }

  /// The tokens of each component, in increasing order; components in topological order.
  package var components: [[Int]] {
    var members = [[Int]](repeating: [], count: componentCount)
    for (position, token) in tokens.enumerated() { members[component[position]].append(token) }
    return members
  }

  /// Whether every component is a single token.
  package var isAcyclic: Bool { componentCount == tokens.count }

  /// The relation that an edge of this graph states.
  package func relation(of edge: Edge) -> Relation {
    component(of: edge.from) == component(of: edge.to) ? .equal : .strict
  }

  /// The edges between different components: pairs of component numbers, sorted.
  package var condensationEdges: [Edge] { pairs(.edges) }

  /// The fewest edges between components that imply all of them.
  package var reducedEdges: [Edge] { pairs(.reduction) }

  private func pairs(_ relation: Condensation.Relation) -> [Edge] {
    (0..<condensation.size).flatMap { from in
      condensation.successors(relation, of: from).map { Edge(from: from, to: $0) }
    }
  }

  /// Whether a path leads from one token to another (each token reaches itself, if it occurs).
  package func reaches(from: Int, to: Int) -> Bool {
    guard let start = component(of: from), let end = component(of: to) else { return false }
    return start == end || condensation[.reachability, start, end]
  }
}

extension [TokenPriorityGraph] {
  /// At [k][token] the token's component in `G^(k)`, −1 where it does not occur there.
  package func components(vocabulary: Int) -> [[Int]] {
    var components = [[Int]](
      repeating: .init(repeating: -1, count: vocabulary), count: vocabulary)
    for graph in self {
      for token in graph.tokens {
        components[graph.lastToken][token] = graph.component(of: token)!
      }
    }
    return components
  }
}
