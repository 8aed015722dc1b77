/// The strongly connected components of a digraph on `0..<size`.
///
/// Tarjan's algorithm (doi:10.1137/0201010) with its own stack, so that a path of any length fits:
/// O(nodes + edges). Roots and successors are taken in increasing order, hence the numbering is a
/// function of the graph alone.
struct StrongComponents: Hashable, Sendable {
  /// The component of each node; numbers are a topological order, 0 first (highest priority).
  private(set) var component: [Int]
  private(set) var count = 0

  init(starts: [Int], targets: [Int]) {
    self.init(size: starts.count - 1, starts: starts, targets: targets)
  }

  /// The components of the relation in the first rows of a matrix, which has so many edges.
  init(_ adjacency: BitMatrix, edges: Int) {
    let size = adjacency.size
    self = withUnsafeTemporaryAllocation(of: Int.self, capacity: size + 1 + edges) { memory in
      let (starts, targets) = (memory.baseAddress!, memory.baseAddress! + size + 1)
      var found = 0
      for from in 0..<size {
        starts[from] = found
        adjacency.forEach(inRow: from) { to in
          targets[found] = to
          found += 1
        }
      }
      starts[size] = found
      return StrongComponents(size: size, starts: starts, targets: targets)
    }
  }

  /// - Parameters:
  ///   - starts: `size + 1` offsets into `targets`, one node's successors after the other's.
  ///   - targets: the successors, in increasing order for each node.
  init(size: Int, starts: UnsafePointer<Int>, targets: UnsafePointer<Int>) {
    component = []
    component.reserveCapacity(size)
    component.append(contentsOf: repeatElement(-1, count: size))
    guard size > 0 else { return }
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 5 * size) { memory in
      var search = Search(size: size, memory: memory)
      component.withUnsafeMutableBufferPointer { component in
        for root in 0..<size where search.index[root] < 0 {
          search.enter(root)
          while search.pathCount > 0 { count += search.step(starts, targets, component) }
        }
      }
    }
    // Tarjan closes a component after all that it reaches: reversed, the numbers are topological.
    for node in 0..<size { component[node] = count - 1 - component[node] }
  }
}

/// What Tarjan's depth-first search remembers of each node.
private struct Search {
  /// Order of discovery; −1: not seen.
  let index: UnsafeMutablePointer<Int>
  /// The earliest open node known to be reachable.
  private let low: UnsafeMutablePointer<Int>
  /// How many successors have been followed.
  private let next: UnsafeMutablePointer<Int>
  /// The nodes between the root and here.
  private let path: UnsafeMutablePointer<Int>
  private(set) var pathCount = 0
  /// The nodes whose component is not closed.
  private let open: UnsafeMutablePointer<Int>
  private var openCount = 0
  private var discovered = 0
  private var closed = 0

  init(size: Int, memory: UnsafeMutableBufferPointer<Int>) {
    memory.initialize(repeating: 0)
    index = memory.baseAddress!
    index.update(repeating: -1, count: size)
    low = index + size
    next = index + 2 * size
    path = index + 3 * size
    open = index + 4 * size
  }

  mutating func enter(_ node: Int) {
    index[node] = discovered
    low[node] = discovered
    discovered += 1
    path[pathCount] = node
    pathCount += 1
    open[openCount] = node
    openCount += 1
  }

  /// Follows one edge, or leaves a node; returns how many components that closed.
  mutating func step(
    _ starts: UnsafePointer<Int>, _ targets: UnsafePointer<Int>,
    _ component: UnsafeMutableBufferPointer<Int>
  ) -> Int {
    let node = path[pathCount - 1]
    guard starts[node] + next[node] < starts[node + 1] else { return leave(node, component) }
    let successor = targets[starts[node] + next[node]]
    next[node] += 1
    if index[successor] < 0 {
      enter(successor)
    } else if component[successor] < 0 {
      low[node] = min(low[node], index[successor])
    }
    return 0
  }

  private mutating func leave(
    _ node: Int, _ component: UnsafeMutableBufferPointer<Int>
  ) -> Int {
    pathCount -= 1
    if pathCount > 0 {
      let parent = path[pathCount - 1]
      low[parent] = min(low[parent], low[node])
    }
    guard low[node] == index[node] else { return 0 }
    repeat {
      openCount -= 1
      component[open[openCount]] = closed
    } while open[openCount] != node
    closed += 1
    return 1
  }
}
