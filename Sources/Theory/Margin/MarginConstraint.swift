/// One row of the Graph-SVM: `(e_i − e_j)ᵀ W e_k`, `= 0` for `i ≍ j`, `≥ 1` for `i ⇒ j`.
package struct MarginConstraint: Hashable, Sendable {
  /// k, the last token.
  package let lastToken: Int
  /// i, the token that is preferred (or equal).
  package let preferred: Int
  /// j, the token it is compared to.
  package let other: Int
  package let relation: TokenPriorityGraph.Relation

  package init(
    lastToken: Int, preferred: Int, other: Int, relation: TokenPriorityGraph.Relation
  ) {
    (self.lastToken, self.preferred, self.other) = (lastToken, preferred, other)
    self.relation = relation
  }

  /// k, i and j.
  var tokens: [Int] { [lastToken, preferred, other] }

  /// The row's right-hand side.
  var bound: Double { relation == .strict ? 1 : 0 }
}

extension TokenPriorityGraph {
  /// A row for every edge, in the edges' order; two opposite edges state one equality, which is
  /// listed once, with `i < j`.
  package var constraints: [MarginConstraint] {
    var result: [MarginConstraint] = []
    result.reserveCapacity(condensation.edgeCount)
    appendConstraints(to: &result)
    return result
  }

  /// Appends `constraints`.
  func appendConstraints(to result: inout [MarginConstraint]) {
    for from in tokens.indices {
      condensation.forEach(.adjacency, of: from) { to in
        let isEqual = component[from] == component[to]
        if isEqual, from > to, condensation[.adjacency, to, from] { return }
        result.append(
          MarginConstraint(
            lastToken: lastToken, preferred: tokens[from], other: tokens[to],
            relation: isEqual ? .equal : .strict))
      }
    }
  }

  /// The fewest rows with the same solutions, each of them an edge of the graph.
  ///
  /// Write `s_i = e_iᵀ W e_k`. Three reductions, each of which leaves the set of feasible `W` as it
  /// is, and with it the optimum:
  ///
  /// 1. *Components.* The edges inside a component join all its tokens (they connect it strongly),
  ///    so their equalities say that one number `s` belongs to all. A spanning tree of these edges
  ///    says the same with one equality less than there are tokens.
  /// 2. *Pairs of components.* Given 1, `s_i − s_j` is the same for every edge `i ⇒ j` from one
  ///    component to another, so one of them is enough: the first.
  /// 3. *Transitive reduction.* Let a path lead from component `a` to `b` over at least two edges.
  ///    Each has a margin of at least 1, and the margins add up, so `s_a − s_b ≥ 2 ≥ 1`: a direct
  ///    edge a → b is implied. Removing all such edges at once is safe: in an acyclic graph the
  ///    transitive reduction keeps a path between any two components that had one.
  package var reducedConstraints: [MarginConstraint] {
    var result: [MarginConstraint] = []
    result.reserveCapacity(condensation.edgeCount)
    appendReducedConstraints(to: &result)
    return result
  }

  /// Appends `reducedConstraints`.
  func appendReducedConstraints(to result: inout [MarginConstraint]) {
    // Where every token is a component, no two edges join the same two: there is no tree to grow,
    // and no edge has to be crossed off.
    let isAcyclic = isAcyclic
    var forest = Forest(size: isAcyclic ? 0 : tokens.count)
    var wanted = condensation
    for from in tokens.indices {
      condensation.forEach(.adjacency, of: from) { to in
        let (high, low) = (component[from], component[to])
        if high == low {
          guard forest.join(from, to) else { return }
        } else {
          guard wanted[.reduction, high, low] else { return }
          if !isAcyclic { wanted.crossOff(high, low) }
        }
        result.append(
          MarginConstraint(
            lastToken: lastToken, preferred: tokens[from], other: tokens[to],
            relation: high == low ? .equal : .strict))
      }
    }
  }
}

/// Disjoint trees over `0..<size`, grown edge by edge.
private struct Forest {
  private var parent: [Int]

  init(size: Int) { parent = Array(0..<size) }

  /// Joins two nodes' trees; false: they were one already.
  mutating func join(_ first: Int, _ second: Int) -> Bool {
    let (a, b) = (root(first), root(second))
    guard a != b else { return false }
    parent[max(a, b)] = min(a, b)
    return true
  }

  private mutating func root(_ node: Int) -> Int {
    var node = node
    while parent[node] != node {
      parent[node] = parent[parent[node]]
      node = parent[node]
    }
    return node
  }
}
