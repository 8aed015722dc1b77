/// The depth-first search that finds strongly connected components, on nodes whose successors lie in
/// one array.
///
/// Pearce's form of Tarjan's algorithm (doi:10.1016/j.ipl.2015.08.010): an edge costs one look at one
/// number, which tells whether its end is new, open or in a component that is closed. O(nodes + edges),
/// with a stack of its own, so that a path of any length fits. Roots and successors are taken in
/// their order.
struct ComponentSearch {
  /// What is known of a node.
  private struct State {
    /// 0: not seen. Below `closed`: open, the earliest node known to be reachable from it, by its
    /// number in the order of discovery from 1. Else its component: `.max` the first that closed.
    var low: UInt32
    /// Of a closed one, the components on a longest path from its own.
    var depth: UInt32
  }

  /// A node on the path to the one that is looked at, and where it was left.
  private struct Frame {
    var edge: Int
    var node: UInt32
    var low: UInt32
    var depth: UInt32
  }

  private static let closed: UInt32 = 1 << 31

  private let frames: UnsafeMutablePointer<Frame>
  private let states: UnsafeMutablePointer<State>
  /// Nodes that were left and whose component is not closed.
  private let open: UnsafeMutablePointer<UInt32>
  private var openCount = 0
  private var discovered: UInt32 = 0
  /// The components.
  private(set) var count = 0
  /// The nodes of the largest component.
  private(set) var largest = 0
  /// The nodes in components of more than one.
  private(set) var cyclicNodes = 0
  /// The components on a longest path of the condensation.
  private(set) var depth = 0

  /// The bytes that a search over so many nodes needs, aligned to 8.
  static func bytes(nodes: Int) -> Int {
    nodes * (MemoryLayout<Frame>.stride + MemoryLayout<State>.stride + MemoryLayout<UInt32>.stride)
  }

  /// Searches a digraph on `0..<size`.
  /// - Parameters:
  ///   - starts: where each node's successors start in `targets`.
  ///   - ends: where they end.
  ///   - memory: ``bytes(nodes:)`` bytes, in which the result stays.
  init(
    size: Int, starts: UnsafePointer<Int>, ends: UnsafePointer<Int>,
    targets: UnsafePointer<UInt32>?, memory: UnsafeMutableRawPointer
  ) {
    frames = memory.bindMemory(to: Frame.self, capacity: size)
    let rest = memory + size * MemoryLayout<Frame>.stride
    states = rest.bindMemory(to: State.self, capacity: size)
    open = (rest + size * MemoryLayout<State>.stride).bindMemory(to: UInt32.self, capacity: size)
    states.initialize(repeating: State(low: 0, depth: 0), count: size)
    // Without targets there is no edge, and none is looked at.
    let targets = targets ?? UnsafePointer(open)
    for root in 0..<size where states[root].low == 0 { search(from: root, starts, ends, targets) }
  }

  /// The component of a node: numbers are a topological order, 0 first.
  func component(of node: Int) -> Int {
    count - 1 - Int(UInt32.max - states[node].low)
  }

  private mutating func search(
    from root: Int, _ starts: UnsafePointer<Int>, _ ends: UnsafePointer<Int>,
    _ targets: UnsafePointer<UInt32>
  ) {
    var path = 0
    var here = enter(UInt32(root), starts)
    var end = ends[root]
    while true {
      if here.edge < end {
        let next = targets[here.edge]
        here.edge &+= 1
        let state = states[Int(next)]
        if state.low >= Self.closed {
          if state.depth >= here.depth { here.depth = state.depth &+ 1 }
        } else if state.low != 0 {
          if state.low < here.low { here.low = state.low }
        } else if starts[Int(next)] == ends[Int(next)] {
          // Most nodes of a text's graph lead nowhere.
          close(next, alone: true, depth: 1)
          if here.depth < 2 { here.depth = 2 }
        } else {
          frames[path] = here
          path &+= 1
          here = enter(next, starts)
          end = ends[Int(next)]
        }
        continue
      }
      let left = here
      let isRoot = states[Int(left.node)].low == left.low
      if isRoot {
        close(left.node, alone: false, depth: left.depth)
        guard path > 0 else { return }
      } else {
        states[Int(left.node)].low = left.low
        open[openCount] = left.node
        openCount &+= 1
      }
      path &-= 1
      here = frames[path]
      end = ends[Int(here.node)]
      if isRoot {
        here.depth = max(here.depth, left.depth &+ 1)
      } else {
        here.low = min(here.low, left.low)
        here.depth = max(here.depth, left.depth)
      }
    }
  }

  private mutating func enter(_ node: UInt32, _ starts: UnsafePointer<Int>) -> Frame {
    discovered &+= 1
    states[Int(node)].low = discovered
    return Frame(edge: starts[Int(node)], node: node, low: discovered, depth: 1)
  }

  /// Closes the component of the first node of it that was found.
  private mutating func close(_ node: UInt32, alone: Bool, depth: UInt32) {
    let rank = states[Int(node)].low
    let state = State(low: .max - UInt32(truncatingIfNeeded: count), depth: depth)
    var size = 1
    if !alone {
      while openCount > 0, states[Int(open[openCount &- 1])].low >= rank {
        openCount &-= 1
        states[Int(open[openCount])] = state
        size &+= 1
      }
    }
    states[Int(node)] = state
    count &+= 1
    if size > largest { largest = size }
    if size > 1 { cyclicNodes &+= size }
    if Int(depth) > self.depth { self.depth = Int(depth) }
  }
}
