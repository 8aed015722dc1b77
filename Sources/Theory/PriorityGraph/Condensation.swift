/// A digraph and the acyclic graph of its components: its edges, what reaches what, and the fewest
/// edges that say the same.
///
/// Components are numbered in topological order, so every edge goes from a lower to a higher number.
struct Condensation: Hashable, Sendable {
  /// The number of each node's component.
  let component: [Int]
  /// The number of components.
  let size: Int
  /// The number of edges of the digraph.
  let edgeCount: Int
  /// The relations of `Relation`, one below the other: for few tokens, allocations are what a graph
  /// costs.
  private var relations: BitMatrix

  enum Relation: Int {
    /// a → b: an edge of the digraph itself, between nodes.
    case adjacency
    /// a → b: some edge goes from a node of `a` to a node of `b`.
    case edges
    /// a → b: a path of at least one edge leads from `a` to `b`.
    case reachability
    /// The transitive reduction, unique for an acyclic graph (Aho, Garey, Ullman 1972,
    /// doi:10.1137/0201008).
    case reduction

    /// A matrix for all of them, empty.
    static func matrix(nodes: Int) -> BitMatrix { BitMatrix(size: nodes, relations: 4) }
  }

  /// - Parameter relations: a matrix of `Relation` that holds the adjacency.
  init(_ relations: BitMatrix) {
    self.relations = relations
    let count = relations.count
    let components = StrongComponents(relations, edges: count)
    (component, size, edgeCount) = (components.component, components.count, count)
    reduce()
  }

  /// The row of one component in one relation.
  private func row(_ relation: Relation, _ component: Int) -> Int {
    relation.rawValue * relations.size + component
  }

  subscript(relation: Relation, from: Int, to: Int) -> Bool {
    relations[row(relation, from), to]
  }

  /// Crosses an edge off the transitive reduction.
  mutating func crossOff(_ from: Int, _ to: Int) { relations[row(.reduction, from), to] = false }

  /// What a component is related to, in increasing order.
  func successors(_ relation: Relation, of component: Int) -> [Int] {
    relations.columns(inRow: row(relation, component))
  }

  /// Calls `body` with what a component is related to, in increasing order.
  @inline(__always)
  func forEach(_ relation: Relation, of component: Int, _ body: (Int) -> Void) {
    relations.forEach(inRow: row(relation, component), body)
  }

  /// Fills the edges, the reachability and the reduction, the last two from the last component on.
  ///
  /// An edge a → b is redundant if and only if another path from a to b exists. Its first step goes
  /// to a successor c of a with c < b in the order; so, taking a's successors in increasing order,
  /// b is redundant exactly when an earlier one already reaches it.
  private mutating func reduce() {
    let (size, nodes, stride, component) = (size, relations.size, relations.stride, component)
    relations.withRows { adjacency in
      let edges = adjacency + nodes * stride
      let (reached, reduced) = (edges + nodes * stride, edges + 2 * nodes * stride)
      for node in 0..<nodes {
        let from = component[node]
        BitMatrix.forEach(inRow: adjacency + node * stride, stride: stride) { successor in
          let to = component[successor]
          if from != to { edges[from * stride + to >> 6] |= 1 << UInt64(to & 63) }
        }
      }
      for from in (0..<size).reversed() {
        let start = from * stride
        BitMatrix.forEach(inRow: edges + start, stride: stride) { to in
          let (word, bit) = (start + to >> 6, UInt64(1) << UInt64(to & 63))
          guard reached[word] & bit == 0 else { return }
          reduced[word] |= bit
          reached[word] |= bit
          for index in 0..<stride { reached[start + index] |= reached[to * stride + index] }
        }
      }
    }
  }
}
