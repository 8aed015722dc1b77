/// The acyclic graph of a digraph's components: its edges, what reaches what, and the fewest edges
/// that say the same.
///
/// Nodes are numbered in topological order, so every edge goes from a lower to a higher number.
struct Condensation: Hashable, Sendable {
  /// a → b: some edge goes from a node of `a` to a node of `b`.
  private(set) var edges: BitMatrix
  /// a → b: a path of at least one edge leads from `a` to `b`.
  private(set) var reachability: BitMatrix
  /// The transitive reduction, unique for an acyclic graph (Aho, Garey, Ullman 1972,
  /// doi:10.1137/0201008).
  private(set) var reduction: BitMatrix

  /// - Parameters:
  ///   - components: component numbers of the nodes, topologically ordered.
  ///   - size: the number of nodes.
  ///   - starts: offsets of each node's successors in `targets`.
  init(
    _ components: StrongComponents, size: Int, starts: UnsafePointer<Int>,
    targets: UnsafePointer<Int>
  ) {
    edges = BitMatrix(size: components.count)
    reachability = BitMatrix(size: components.count)
    reduction = BitMatrix(size: components.count)
    for node in 0..<size {
      let from = components.component[node]
      for index in starts[node]..<starts[node + 1] {
        let to = components.component[targets[index]]
        if from != to { edges[from, to] = true }
      }
    }
    reduce()
  }

  /// Fills `reachability` and `reduction`, last node first.
  ///
  /// An edge a → b is redundant if and only if another path from a to b exists. Its first step goes
  /// to a successor c of a with c < b in the order; so, taking a's successors in increasing order,
  /// b is redundant exactly when an earlier one already reaches it.
  private mutating func reduce() {
    let stride = edges.stride
    reachability.withRows { reached in
      reduction.withRows { reduced in
        for from in (0..<edges.size).reversed() {
          let (source, kept) = (reached + from * stride, reduced + from * stride)
          edges.forEach(inRow: from) { to in
            let (word, bit) = (to >> 6, UInt64(1) << UInt64(to & 63))
            guard source[word] & bit == 0 else { return }
            kept[word] |= bit
            source[word] |= bit
            for word in 0..<stride { source[word] |= reached[to * stride + word] }
          }
        }
      }
    }
  }
}
