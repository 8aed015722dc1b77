/// Puts the groups of one last token together, in the order of their labels, and finds the components.
///
/// Time O(edges of all groups) a graph. Memory: the largest graph, 4 bytes an edge, and some 80 bytes
/// a token of the vocabulary.
final class CorpusGraphBuilder {
  /// Where a token stands among those of the graph, if the stamp is the graph's.
  private struct Slot {
    var stamp: UInt32
    var place: UInt32
  }

  private let vocabulary: Int
  private let keepsEdges: Bool
  private let slots: UnsafeMutablePointer<Slot>
  /// For each place: its token, where its successors are, and the label that was last seen to lead there.
  private let tokens: UnsafeMutablePointer<UInt32>
  private let starts: UnsafeMutablePointer<Int>
  private let ends: UnsafeMutablePointer<Int>
  private let marks: UnsafeMutablePointer<UInt32>
  private let memory: UnsafeMutableRawPointer
  private var successors: UnsafeMutablePointer<UInt32>
  private var capacity = 1 << 12
  private var stamp: UInt32 = 0
  private var used = 0
  private var count = 0
  private var labels = 0
  private var positions = 0
  /// The place of the label of the last group.
  private var label = -1

  init(vocabulary: Int, keepsEdges: Bool) {
    (self.vocabulary, self.keepsEdges) = (vocabulary, keepsEdges)
    slots = .allocate(capacity: vocabulary)
    slots.initialize(repeating: Slot(stamp: 0, place: 0), count: vocabulary)
    tokens = .allocate(capacity: vocabulary)
    starts = .allocate(capacity: vocabulary)
    ends = .allocate(capacity: vocabulary)
    marks = .allocate(capacity: vocabulary)
    memory = .allocate(byteCount: ComponentSearch.bytes(nodes: vocabulary), alignment: 8)
    successors = .allocate(capacity: capacity)
    begin()
  }

  deinit {
    for pointer in [starts, ends] { pointer.deallocate() }
    for pointer in [tokens, marks, successors] { pointer.deallocate() }
    slots.deallocate()
    memory.deallocate()
  }

  private func begin() {
    // Places are below 2²⁰, so no count of graphs reaches the last stamp.
    stamp += 1
    (used, count, labels, positions, label) = (0, 0, 0, 0, -1)
  }

  /// Adds the tokens, without repetitions, to which the edges of `label` lead in some more positions.
  /// Labels come in increasing order.
  func add(_ label: UInt32, positions: Int, _ group: UnsafeBufferPointer<UInt32>) {
    self.positions += positions
    reserve(group.count)
    let node = place(of: label)
    if node == self.label { return merge(group) }
    self.label = node
    labels += 1
    starts[node] = used
    let (successors, slots) = (successors + used, slots)
    for (index, token) in group.enumerated() {
      successors[index] = UInt32(truncatingIfNeeded: place(of: token, slots))
    }
    used += group.count
    ends[node] = used
  }

  /// Adds what the label of the last group does not lead to yet.
  private func merge(_ group: UnsafeBufferPointer<UInt32>) {
    let mark = UInt32(label)
    for index in starts[label]..<used { marks[Int(successors[index])] = mark }
    for token in group {
      let place = place(of: token, slots)
      successors[used] = UInt32(truncatingIfNeeded: place)
      used &+= marks[place] == mark ? 0 : 1
    }
    ends[label] = used
  }

  private func reserve(_ more: Int) {
    guard used + more > capacity else { return }
    let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: 2 * (used + more))
    larger.moveInitialize(from: successors, count: used)
    successors.deallocate()
    (successors, capacity) = (larger, 2 * (used + more))
  }

  private func place(of token: UInt32) -> Int { place(of: token, slots) }

  @inline(__always)
  private func place(of token: UInt32, _ slots: UnsafeMutablePointer<Slot>) -> Int {
    let slot = slots[Int(token)]
    return slot.stamp == stamp ? Int(slot.place) : give(token)
  }

  /// Gives a place to a token that has none.
  @inline(never)
  private func give(_ token: UInt32) -> Int {
    let place = count
    count += 1
    slots[Int(token)] = Slot(stamp: stamp, place: UInt32(place))
    tokens[place] = token
    (starts[place], ends[place]) = (0, 0)
    marks[place] = .max
    return place
  }

  /// The graph of what was added since the last one.
  func graph(of lastToken: Int) -> CorpusGraph {
    let search = ComponentSearch(
      size: count, starts: starts, ends: ends, targets: successors, memory: memory)
    defer { begin() }
    return CorpusGraph(
      lastToken: lastToken, positions: positions, labels: labels, tokens: count, edgeCount: used,
      components: search.count, largest: search.largest, cyclicTokens: search.cyclicNodes,
      depth: search.depth, edges: keepsEdges ? edges() : [])
  }

  /// Labels came in increasing order, and so did their successors' lists.
  private func edges() -> [CorpusGraph.Edge] {
    let labels = (0..<count).filter { ends[$0] > starts[$0] }.sorted { starts[$0] < starts[$1] }
    var edges: [CorpusGraph.Edge] = []
    edges.reserveCapacity(used)
    for node in labels {
      let targets = (starts[node]..<ends[node]).map { tokens[Int(successors[$0])] }.sorted()
      for target in targets { edges.append(.init(from: tokens[node], to: target)) }
    }
    return edges
  }
}
