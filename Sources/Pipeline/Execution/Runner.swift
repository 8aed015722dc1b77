import Canonical
import Manifests
import Storage

/// Carries a plan out on this machine.
package struct Runner: Sendable {
  package struct Options: Sendable {
    /// How many places there are: stages that run at a time, or threads that one of them uses.
    package var jobs = 1
    /// Whether the first failure ends the run.
    package var failFast = false
    /// Whether stages are executed that the store has already.
    package var force = false
    /// Which stages may be executed; all where nil. One that may not, and is missing, fails.
    package var own: [Bool]?
    /// Who executes: it is written into the records.
    package var producer = ""

    package init() {}
  }

  private let plan: Plan
  private let store: Store
  private let options: Options
  private let report: @Sendable (Event) -> Void

  package init(
    _ plan: Plan, _ store: Store, _ options: Options,
    report: @escaping @Sendable (Event) -> Void = { _ in }
  ) {
    self.plan = plan
    self.store = store
    self.options = options
    self.report = report
  }

  /// Brings the outputs of every wanted stage into the store.
  ///
  /// Ready stages are looked up at once; what is missing is executed, longest path first. The
  /// failure of a stage stops only what depends on it.
  /// - Throws: `StoreError` where the store cannot be used; what was finished is kept.
  package func run(wanted: [Bool]) async throws -> Outcome {
    var progress = Progress(plan, wanted, store, force: options.force, own: options.own)
    report(.began(wanted: wanted.count { $0 }))
    try await withThrowingTaskGroup(of: (Int, Attempt).self) { group in
      var places = Places(count: options.jobs)
      repeat {
        try progress.lookUp(report)
        var jobs: [Job] = []
        while jobs.count < places.free, let job = progress.nextJob(report) { jobs.append(job) }
        places.assign(to: &jobs)
        for job in jobs { group.addTask { (job.stage, try execute(job)) } }
        guard let (stage, attempt) = try await group.next() else { break }
        places.leave(stage)
        if case .elsewhere = attempt {
          group.addTask {
            try await Task.sleep(for: .milliseconds(5))
            return (stage, .again)
          }
        }
        progress.take(stage, attempt, report)
      } while !(options.failFast && progress.hasFailed)
      for try await (stage, attempt) in group { progress.take(stage, attempt, report) }
    }
    let outcome = progress.end()
    if outcome.executed > 0 { try store.synchronize() }
    return outcome
  }

  /// Executes one stage, unless another process has it or has just finished it.
  private func execute(_ job: Job) throws -> Attempt {
    guard let claim = try store.claim(job.key) else { return .elsewhere }
    defer { withExtendedLifetime(claim) {} }
    try store.refresh()
    let recorded = store.record(for: job.key)
    if let recorded, !options.force, recorded.outputs.allSatisfy(store.contains) {
      return .found(recorded)
    }
    let clock = ContinuousClock()
    let start = clock.now
    let outputs: [[UInt8]]
    do {
      outputs = try job.kind.run(job.context(store, plan.files))
    } catch StoreError.damaged(let digest) {
      return .lost(digest)
    } catch StoreError.missing(let digest) {
      return .lost(digest)
    } catch let error as StoreError {
      throw error
    } catch {
      return .failed("\(error)")
    }
    precondition(outputs.count == job.kind.outputs.count, "the outputs of \(job.kind.name)")
    let seconds = (clock.now - start) / .seconds(1)
    let record = job.record(outputs, producer: options.producer, seconds: seconds)
    if let recorded, recorded.outputs.map(\.digest) != record.outputs.map(\.digest) {
      return .nondeterministic(recorded: recorded, now: record)
    }
    try store.commit(record, outputs: outputs, details: job.parameters.bytes)
    return .executed(record)
  }
}

/// How the attempt to execute a stage ended.
enum Attempt: Sendable {
  case executed(Record)
  /// Another process finished it in the meantime.
  case found(Record)
  /// Another process is at it.
  case elsewhere
  /// Another process was at it a moment ago.
  case again
  /// An input's blob is damaged or gone.
  case lost(Digest)
  case failed(String)
  case nondeterministic(recorded: Record, now: Record)
}
