import Canonical
import Remotes
import Storage

/// What is known while a plan is carried out: the schedule, and the keys and contents so far.
package struct Progress {
  private var schedule: Schedule
  private(set) var outcome: Outcome
  private let plan: Plan
  private let store: Store
  private let force: Bool
  /// Which stages may be executed here.
  private let own: [Bool]?
  private let searches: Bool
  private let borrows: Bool
  /// The stages that shared caches are to be asked for.
  private var sought: [Int] = []
  /// Where each finished stage's outputs come from.
  private var origins: [Origin]
  /// The stages that another process was seen to execute.
  private var elsewhere: Set<Int> = []
  /// The stages that somebody else executes for this run.
  private var delegated: Set<Int> = []
  /// How often the outputs of a finished stage were lost.
  private var losses: [Int: Int] = [:]
  /// From so many losses of one stage on, the disk is not worth another try.
  private static let lossLimit = 3

  private enum Origin { case found, fetched, executed }

  /// - Parameters:
  ///   - own: which stages may be executed here; all where nil.
  ///   - searches: whether there are shared caches to ask for what is not in the store.
  ///   - borrows: whether a record will do whose outputs only shared caches have.
  package init(
    _ plan: Plan, _ wanted: [Bool], _ store: Store, force: Bool = false, own: [Bool]? = nil,
    searches: Bool = false, borrows: Bool = true
  ) {
    self.plan = plan
    self.own = own
    self.store = store
    self.force = force
    self.searches = searches && !force
    self.borrows = borrows
    schedule = Schedule(plan, wanted: wanted)
    outcome = Outcome(plan)
    origins = .init(repeating: .found, count: plan.stages.count)
  }

  /// Looks every ready stage up, until none is ready.
  package mutating func lookUp(_ report: (Event) -> Void) throws(StoreError) {
    while let stage = schedule.nextReady() {
      outcome.keys[stage] = Digest(of: plan.key(of: stage, outcome.contents).preimage)
      if !force, find(stage, report) { continue }
      if searches { sought.append(stage) } else { schedule.miss(stage) }
    }
  }

  /// Whether shared caches are to be asked for a stage.
  var isSearching: Bool { !sought.isEmpty }

  /// The next stage to ask shared caches for, and what to ask.
  mutating func nextSearch() -> (stage: Int, wanted: SharedCaches.Wanted)? {
    sought.popLast().map { ($0, plan.wanted($0, key: outcome.keys[$0]!)) }
  }

  /// Finishes a stage whose key is known, where its outputs are in the store.
  private mutating func find(_ stage: Int, _ report: (Event) -> Void) -> Bool {
    guard let record = store.record(for: outcome.keys[stage]!),
      plan.isDone(stage, record, store), borrows || isComplete(stage)
    else { return false }
    finish(stage, record)
    if delegated.contains(stage) {
      origins[stage] = .executed
      report(.executed(stage, seconds: record.seconds))
    } else {
      report(.found(stage))
    }
    return true
  }

  /// The next stage to execute.
  mutating func nextJob(_ report: (Event) -> Void) -> Job? {
    guard let stage = nextMissing(report) else { return nil }
    if !elsewhere.contains(stage) { report(.started(stage)) }
    let inputs = plan.inputs(of: stage).map(Int.init)
    return Job(
      stage: stage, kind: plan.kind(of: stage), key: outcome.keys[stage]!,
      preimage: plan.key(of: stage, outcome.contents).preimage,
      parameters: plan.parameters(of: stage),
      seed: plan.stages[stage].seed,
      inputs: inputs.map { store.record(for: outcome.keys[$0]!)! },
      inputKinds: inputs.map(plan.kind(of:)), lists: plan.lists(of: stage, outcome.contents))
  }

  /// The next missing stage; one that may not be executed here fails instead.
  private mutating func nextMissing(_ report: (Event) -> Void) -> Int? {
    while let stage = schedule.nextMissing() {
      guard let own, !own[stage] else { return stage }
      fail(stage, "it is another's to make, and not in the store", report)
    }
    return nil
  }

  /// Notes how the attempt to execute a stage ended.
  mutating func take(_ stage: Int, _ attempt: Attempt, _ report: (Event) -> Void) {
    switch attempt {
    case .executed(let record):
      origins[stage] = .executed
      finish(stage, record)
      report(.executed(stage, seconds: record.seconds))
    case .found(let record):
      finish(stage, record)
      report(.found(stage))
    case .fetched(let record):
      origins[stage] = .fetched
      finish(stage, record)
      report(.fetched(stage))
    case .absent: schedule.miss(stage)
    case .elsewhere: if elsewhere.insert(stage).inserted { report(.elsewhere(stage)) }
    case .again: schedule.miss(stage)
    case .lost(let digests): lose(digests, of: stage, report)
    case .failed(let reason): fail(stage, reason, report)
    case .nondeterministic(let recorded, let now):
      let names = plan.kind(of: stage).outputs
      outcome.nondeterministic.append(stage)
      schedule.fail(stage)
      report(
        .nondeterministic(
          stage, recorded: StageKey.content(names: names, outputs: recorded.outputs.map(\.digest)),
          now: StageKey.content(names: names, outputs: now.outputs.map(\.digest))))
    }
  }

  /// Somebody else executes these stages for this run.
  package mutating func delegate(_ stages: [Int]) { delegated.formUnion(stages) }

  /// A stage that somebody else was to execute was in the store already.
  package mutating func spare(_ stage: Int) { delegated.remove(stage) }

  /// The missing stages, which somebody else brings into the store.
  package mutating func takeMissing() -> [Int] {
    var taken: [Int] = []
    while let stage = schedule.nextMissing() { taken.append(stage) }
    return taken
  }

  /// The stages that are being executed, here or elsewhere.
  package var running: [Int] { schedule.states.indices.filter { schedule.states[$0] == .running } }

  /// Looks for a stage that somebody else was to make.
  /// - Returns: whether it is in the store, and so finished.
  package mutating func arrive(_ stage: Int, _ report: (Event) -> Void) -> Bool {
    find(stage, report)
  }

  /// The wanted stages that are neither finished nor cannot be.
  package var unfinished: [Int] {
    schedule.states.indices.filter {
      [.waiting, .ready, .missing, .running].contains(schedule.states[$0])
    }
  }

  private mutating func finish(_ stage: Int, _ record: Record) {
    outcome.contents[stage] = StageKey.content(
      names: plan.kind(of: stage).outputs, outputs: record.outputs.map(\.digest))
    schedule.finish(stage)
  }

  /// A stage failed; what depends on it is blocked.
  package mutating func fail(_ stage: Int, _ reason: String, _ report: (Event) -> Void) {
    outcome.failures.append((stage, reason))
    schedule.fail(stage)
    report(.failed(stage, reason))
  }

  /// These blobs of inputs are damaged or gone: the inputs are made again, then the stage.
  private mutating func lose(_ digests: Set<Digest>, of stage: Int, _ report: (Event) -> Void) {
    let holders = Set(plan.inputs(of: stage).map(Int.init)).sorted().filter { input in
      let outputs = store.record(for: outcome.keys[input]!)?.outputs ?? []
      return outputs.contains { digests.contains($0.digest) }
    }
    // Another stage may have lost them before, and they are being made, or are made again.
    let lost = holders.filter { schedule.states[$0] == .finished && !isComplete($0) }
    guard !holders.isEmpty, lost.allSatisfy({ losses[$0, default: 0] < Progress.lossLimit }) else {
      let names = digests.map(\.short).sorted().joined(separator: ", ")
      return fail(stage, "its input \(names) is damaged whenever it is read", report)
    }
    for input in lost {
      losses[input, default: 0] += 1
      let isBorrowed = store.record(for: outcome.keys[input]!)?.isBorrowed ?? false
      report(isBorrowed ? .distant(input) : .damaged(input))
    }
    schedule.lose(lost, of: stage)
  }

  private func isComplete(_ stage: Int) -> Bool {
    store.record(for: outcome.keys[stage]!)?.outputs.allSatisfy(store.contains) ?? false
  }

  var hasFailed: Bool { !outcome.failures.isEmpty || !outcome.nondeterministic.isEmpty }

  package func end() -> Outcome {
    var outcome = outcome
    outcome.states = schedule.states
    let finished = outcome.states.indices.filter { outcome.states[$0] == .finished }
    outcome.executed = finished.count { origins[$0] == .executed }
    outcome.fetched = finished.count { origins[$0] == .fetched }
    outcome.found = finished.count - outcome.executed - outcome.fetched
    return outcome
  }
}
