/// The strongly connected components of a digraph on `0..<size`.
///
/// Roots and successors are taken in increasing order, hence the numbering is a function of the graph
/// alone.
struct StrongComponents: Hashable, Sendable {
  /// The component of each node; numbers are a topological order, 0 first (highest priority).
  let component: [Int]
  let count: Int

  /// - Parameters:
  ///   - starts: `size + 1` offsets into `targets`, one node's successors after the other's.
  ///   - targets: the successors, in increasing order for each node.
  init(starts: [Int], targets: [UInt32]) {
    let size = starts.count - 1
    self = withUnsafeTemporaryAllocation(
      byteCount: ComponentSearch.bytes(nodes: size), alignment: 8
    ) { memory in
      starts.withUnsafeBufferPointer { starts in
        targets.withUnsafeBufferPointer { targets in
          StrongComponents(
            size, starts.baseAddress!, targets.baseAddress, memory.baseAddress!)
        }
      }
    }
  }

  /// The components of the relation in the first rows of a matrix, which has so many edges.
  init(_ adjacency: BitMatrix, edges: Int) {
    let size = adjacency.size
    let (startBytes, searchBytes) = (8 * (size + 1), ComponentSearch.bytes(nodes: size))
    self = withUnsafeTemporaryAllocation(
      byteCount: startBytes + searchBytes + 4 * edges, alignment: 8
    ) { memory in
      let base = memory.baseAddress!
      let starts = base.bindMemory(to: Int.self, capacity: size + 1)
      let targets = (base + startBytes + searchBytes).bindMemory(to: UInt32.self, capacity: edges)
      var found = 0
      for from in 0..<size {
        starts[from] = found
        adjacency.forEach(inRow: from) { to in
          targets[found] = UInt32(truncatingIfNeeded: to)
          found += 1
        }
      }
      starts[size] = found
      return StrongComponents(size, starts, targets, base + startBytes)
    }
  }

  private init(
    _ size: Int, _ starts: UnsafePointer<Int>, _ targets: UnsafePointer<UInt32>?,
    _ memory: UnsafeMutableRawPointer
  ) {
    let search = ComponentSearch(
      size: size, starts: starts, ends: starts + 1, targets: targets, memory: memory)
    var component: [Int] = []
    component.reserveCapacity(size)
    for node in 0..<size { component.append(search.component(of: node)) }
    (self.component, count) = (component, search.count)
  }
}
