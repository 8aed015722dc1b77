/// The strongly connected components of a digraph on `0..<size`.
///
/// Tarjan's algorithm (doi:10.1137/0201010) with its own stack, so that a path of any length fits:
/// O(nodes + edges). Roots and successors are taken in increasing order, hence the numbering is a
/// function of the graph alone.
struct StrongComponents: Hashable, Sendable {
  /// The component of each node; numbers are a topological order, 0 first (highest priority).
  private(set) var component: [Int]
  private(set) var count = 0

  /// - Parameters:
  ///   - starts: `size + 1` offsets into `targets`, one node's successors after the other's.
  ///   - targets: the successors, in increasing order for each node.
  init(starts: [Int], targets: [Int]) {
    let size = starts.count - 1
    component = .init(repeating: -1, count: size)
    var search = Search(size: size)
    for root in 0..<size where search.index[root] < 0 {
      search.enter(root)
      while let node = search.path.last {
        if search.next[node] < starts[node + 1] - starts[node] {
          let successor = targets[starts[node] + search.next[node]]
          search.next[node] += 1
          if search.index[successor] < 0 {
            search.enter(successor)
          } else if component[successor] < 0 {
            search.low[node] = min(search.low[node], search.index[successor])
          }
        } else {
          leave(node, &search)
        }
      }
    }
    // Tarjan closes a component after all that it reaches: reversed, the numbers are topological.
    for node in 0..<size { component[node] = count - 1 - component[node] }
  }

  private mutating func leave(_ node: Int, _ search: inout Search) {
    search.path.removeLast()
    if let parent = search.path.last {
      search.low[parent] = min(search.low[parent], search.low[node])
    }
    guard search.low[node] == search.index[node] else { return }
    while let member = search.open.popLast() {
      component[member] = count
      if member == node { break }
    }
    count += 1
  }
}

/// What Tarjan's depth-first search remembers of each node.
private struct Search {
  /// Order of discovery; −1: not seen.
  var index: [Int]
  /// The earliest open node known to be reachable.
  var low: [Int]
  /// How many successors have been followed.
  var next: [Int]
  /// The nodes between the root and here.
  var path: [Int] = []
  /// The nodes whose component is not closed.
  var open: [Int] = []
  private var discovered = 0

  init(size: Int) {
    index = .init(repeating: -1, count: size)
    low = index
    next = .init(repeating: 0, count: size)
    path.reserveCapacity(size)
    open.reserveCapacity(size)
  }

  mutating func enter(_ node: Int) {
    index[node] = discovered
    low[node] = discovered
    discovered += 1
    path.append(node)
    open.append(node)
  }
}
