/// Which stage comes next: a pure value, stepped by whoever carries the plan out.
package struct Schedule: Sendable {
  package enum State: UInt8, Sendable {
    /// It is not wanted.
    case idle
    /// It waits for its inputs.
    case waiting
    /// Its inputs are finished, so its key can be told.
    case ready
    /// It is not in the store and waits to be executed.
    case missing
    /// It is being executed.
    case running
    /// Its outputs are in the store.
    case finished
    /// Its function failed.
    case failed
    /// Something that it depends on failed.
    case blocked
  }

  package private(set) var states: [State]
  private let dependents: Adjacency
  private let plan: Plan
  private let lengths: [Double]
  /// How many of its inputs are not finished.
  private var unfinished: [Int32]
  private var ready: [Int32] = []
  private var missing = PriorityQueue()

  /// - Parameter wanted: Which stages are wanted; with a stage, all that it depends on must be.
  package init(_ plan: Plan, wanted: [Bool]) {
    self.plan = plan
    dependents = plan.dependents
    lengths = plan.pathLengths
    states = wanted.map { $0 ? .waiting : .idle }
    unfinished = plan.stages.indices.map { Int32(plan.inputs(of: $0).count) }
    for stage in plan.stages.indices.reversed() where wanted[stage] && unfinished[stage] == 0 {
      makeReady(stage)
    }
  }

  /// A stage whose key can be told and which has not been looked up yet.
  package mutating func nextReady() -> Int? { ready.popLast().map(Int.init) }

  /// The missing stage at the head of the longest path; it counts as running from now on.
  package mutating func nextMissing() -> Int? {
    guard let stage = missing.pop() else { return nil }
    states[stage] = .running
    return stage
  }

  /// The stage has to be executed.
  package mutating func miss(_ stage: Int) {
    states[stage] = .missing
    missing.push(stage, lengths[stage])
  }

  /// The stage's outputs are in the store.
  package mutating func finish(_ stage: Int) {
    states[stage] = .finished
    for dependent in dependents[stage] where states[Int(dependent)] == .waiting {
      unfinished[Int(dependent)] -= 1
      if unfinished[Int(dependent)] == 0 { makeReady(Int(dependent)) }
    }
  }

  /// The stage failed; what depends on it is blocked.
  package mutating func fail(_ stage: Int) {
    states[stage] = .failed
    blockDependents(of: stage)
  }

  private mutating func blockDependents(of stage: Int) {
    var front = [stage]
    while let next = front.popLast() {
      for dependent in dependents[next] where states[Int(dependent)] == .waiting {
        states[Int(dependent)] = .blocked
        front.append(Int(dependent))
      }
    }
  }

  /// The outputs of some inputs of a running stage are lost: they are missing again, and it waits.
  ///
  /// An input that another stage lost before may have failed by now; then the stage is blocked.
  package mutating func lose(_ lost: [Int], of stage: Int) {
    let inputs = plan.inputs(of: stage)
    states[stage] = .waiting
    unfinished[stage] = Int32(inputs.count { states[Int($0)] != .finished })
    for input in lost where states[input] == .finished {
      miss(input)
      for dependent in dependents[input] where states[Int(dependent)] == .waiting {
        unfinished[Int(dependent)] += 1
      }
    }
    if inputs.contains(where: { [.failed, .blocked].contains(states[Int($0)]) }) {
      states[stage] = .blocked
      blockDependents(of: stage)
    } else if unfinished[stage] == 0 {
      makeReady(stage)
    }
  }

  /// Whether a stage is ready or missing.
  package var hasWork: Bool { !ready.isEmpty || !missing.isEmpty }

  private mutating func makeReady(_ stage: Int) {
    states[stage] = .ready
    ready.append(Int32(stage))
  }
}

/// A binary heap of stages, the longest path first, the earlier stage among equals.
private struct PriorityQueue {
  private var heap: [(length: Double, stage: Int)] = []

  var isEmpty: Bool { heap.isEmpty }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    (heap[left].length, -heap[left].stage) > (heap[right].length, -heap[right].stage)
  }

  mutating func push(_ stage: Int, _ length: Double) {
    heap.append((length, stage))
    var place = heap.count - 1
    while place > 0, precedes(place, (place - 1) / 2) {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func pop() -> Int? {
    guard let top = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return top.stage }
    heap[0] = last
    var place = 0
    while true {
      var best = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < heap.count && precedes(child, best) {
        best = child
      }
      if best == place { return top.stage }
      heap.swapAt(place, best)
      place = best
    }
  }
}
