import Canonical
import Storage

/// What is known while a plan is carried out: the schedule, and the keys and contents so far.
struct Progress {
  var schedule: Schedule
  private(set) var outcome: Outcome
  private let plan: Plan
  private let store: Store
  private let force: Bool

  init(_ plan: Plan, _ wanted: [Bool], _ store: Store, force: Bool) {
    self.plan = plan
    self.store = store
    self.force = force
    schedule = Schedule(plan, wanted: wanted)
    outcome = Outcome(plan)
  }

  /// Looks every ready stage up, until none is ready.
  mutating func lookUp(_ report: (Event) -> Void) throws(StoreError) {
    while let stage = schedule.nextReady() {
      let key = Digest(of: plan.key(of: stage, outcome.contents).preimage)
      outcome.keys[stage] = key
      if !force, let record = store.record(for: key), record.outputs.allSatisfy(store.contains) {
        outcome.found += 1
        finish(stage, record)
        report(.found(stage))
      } else {
        schedule.miss(stage)
      }
    }
  }

  /// The next stage to execute.
  mutating func nextJob() -> Job? {
    guard let stage = schedule.nextMissing() else { return nil }
    let inputs = plan.inputs(of: stage).map(Int.init)
    return Job(
      stage: stage, kind: plan.kind(of: stage), key: outcome.keys[stage]!,
      preimage: plan.key(of: stage, outcome.contents).preimage, parameters: plan.parameters(of: stage),
      seed: plan.stages[stage].seed,
      inputs: inputs.map { store.record(for: outcome.keys[$0]!)! },
      inputKinds: inputs.map(plan.kind(of:)))
  }

  /// Notes how the attempt to execute a stage ended.
  mutating func take(_ stage: Int, _ attempt: Attempt, _ report: (Event) -> Void) {
    switch attempt {
    case .executed(let record):
      outcome.executed += 1
      finish(stage, record)
      report(.executed(stage, seconds: record.seconds))
    case .found(let record):
      outcome.found += 1
      finish(stage, record)
      report(.found(stage))
    case .elsewhere: report(.elsewhere(stage))
    case .again: schedule.miss(stage)
    case .lost(let digest):
      let lost = losers(of: digest, before: stage)
      for input in lost { report(.damaged(input)) }
      schedule.lose(lost, of: stage)
    case .failed(let reason):
      outcome.failures.append((stage, reason))
      schedule.fail(stage)
      report(.failed(stage, reason))
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

  private mutating func finish(_ stage: Int, _ record: Record) {
    outcome.contents[stage] = StageKey.content(
      names: plan.kind(of: stage).outputs, outputs: record.outputs.map(\.digest))
    schedule.finish(stage)
  }

  /// The inputs of `stage` whose outputs have the blob `digest`.
  private func losers(of digest: Digest, before stage: Int) -> [Int] {
    plan.inputs(of: stage).map(Int.init).filter { input in
      store.record(for: outcome.keys[input]!)?.outputs.contains { $0.digest == digest } ?? false
    }
  }

  var hasFailed: Bool { !outcome.failures.isEmpty }

  func end() -> Outcome {
    var outcome = outcome
    outcome.states = schedule.states
    return outcome
  }
}

extension Plan {
  /// The key of a stage whose inputs' contents are known.
  func key(of stage: Int, _ contents: [Digest?]) -> StageKey {
    let kind = kind(of: stage)
    var rest = inputs(of: stage)
    let inputs = kind.inputs.map { input in
      switch input {
      case .own(let name):
        return StageKey.Input(kind: name, content: contents[Int(rest.removeFirst())]!)
      case .all(let name):
        let taken = rest.dropLast(kind.inputs.count - 1)
        rest = rest.dropFirst(taken.count)
        return StageKey.Input(kind: name, contents: taken.map { contents[Int($0)]! })
      }
    }
    return StageKey(
      kind: kind.name, version: kind.version, numerics: catalog.numerics,
      parameters: parameters(of: stage).digest, seed: stages[stage].seed, inputs: inputs)
  }
}
