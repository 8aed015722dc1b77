/// The acyclic graph of a digraph's components: its edges, what reaches what, and the fewest edges
/// that say the same.
///
/// Nodes are numbered in topological order, so every edge goes from a lower to a higher number.
struct Condensation: Hashable, Sendable {
  /// The number of components.
  let size: Int
  /// The relations of `Relation`, one below the other: for few tokens, allocations are what a graph
  /// costs.
  private var relations: BitMatrix

  enum Relation: Int {
    /// a → b: some edge goes from a node of `a` to a node of `b`.
    case edges
    /// a → b: a path of at least one edge leads from `a` to `b`.
    case reachability
    /// The transitive reduction, unique for an acyclic graph (Aho, Garey, Ullman 1972,
    /// doi:10.1137/0201008).
    case reduction
  }

  /// - Parameters:
  ///   - components: component numbers of the nodes, topologically ordered.
  ///   - nodes: how many there are.
  ///   - starts: offsets of each node's successors in `targets`.
  init(
    _ components: StrongComponents, nodes: Int, starts: UnsafePointer<Int>,
    targets: UnsafePointer<Int>
  ) {
    size = components.count
    relations = BitMatrix(size: size, relations: 3)
    for node in 0..<nodes {
      let from = components.component[node]
      for index in starts[node]..<starts[node + 1] {
        let to = components.component[targets[index]]
        if from != to { relations[from, to] = true }
      }
    }
    reduce()
  }

  /// The row of one component in one relation.
  private func row(_ relation: Relation, _ component: Int) -> Int {
    relation.rawValue * size + component
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

  /// Fills the reachability and the reduction, last node first.
  ///
  /// An edge a → b is redundant if and only if another path from a to b exists. Its first step goes
  /// to a successor c of a with c < b in the order; so, taking a's successors in increasing order,
  /// b is redundant exactly when an earlier one already reaches it.
  private mutating func reduce() {
    let (size, stride) = (size, relations.stride)
    relations.withRows { edges in
      let (reached, reduced) = (edges + size * stride, edges + 2 * size * stride)
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
