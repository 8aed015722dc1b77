import Canonical
import Manifests
import Remotes
import Storage

/// Carries a plan out on this machine.
package struct Runner: Sendable {
  package struct Options: Sendable {
    /// How many places there are: stages that run at a time, or threads that one of them uses; with
    /// none, what is missing is looked for and not executed.
    package var jobs = 1
    /// Whether the first failure ends the run.
    package var failFast = false
    /// Whether stages are executed that the store has already.
    package var force = false
    /// Which stages may be executed; all where nil. One that may not, and is missing, fails.
    package var own: [Bool]?
    /// What stages of a kind may use, by its name.
    package var limits: [String: Limits] = [:]
    /// How a process is started that executes a stage with limits.
    package var isolation: [String] = []
    /// Who executes: it is written into the records.
    package var producer: @Sendable () -> String = { "" }

    package init() {}
  }

  private let plan: Plan
  private let store: Store
  private let caches: SharedCaches
  private let options: Options
  private let report: @Sendable (Event) -> Void
  /// How many stages shared caches are asked for at a time.
  private static let searchWidth = 256

  package init(
    _ plan: Plan, _ store: Store, _ options: Options, caches: SharedCaches? = nil,
    report: @escaping @Sendable (Event) -> Void = { _ in }
  ) {
    self.plan = plan
    self.store = store
    self.caches = caches ?? .none(store)
    self.options = options
    self.report = report
  }

  /// Brings the outputs of every wanted stage into the store.
  ///
  /// Ready stages are looked up at once, first here and then in the shared caches; what is missing
  /// is executed, longest path first. The failure of a stage stops only what depends on it.
  /// - Throws: `StoreError` where the store cannot be used, `RemoteError` where a shared cache
  ///   cannot that is required; what was finished is kept.
  package func run(wanted: [Bool]) async throws -> Outcome {
    var progress = Progress(
      plan, wanted, store, force: options.force, own: options.own, searches: !caches.isEmpty)
    report(.began(wanted: wanted.count { $0 }))
    try await withThrowingTaskGroup(of: (Int, Attempt).self) { group in
      var places = Places(count: options.jobs)
      var (searching, hasBundles) = (0, false)
      repeat {
        try progress.lookUp(report)
        if progress.isSearching, !hasBundles {
          try await caches.fetchBundles(plan.experiments.map(plan.bundleKey))
          hasBundles = true
        }
        while searching < Runner.searchWidth, let (stage, wanted) = progress.nextSearch() {
          searching += 1
          group.addTask { (stage, try await caches.find(wanted).map(Attempt.fetched) ?? .absent) }
        }
        var jobs: [Job] = []
        while jobs.count < places.free, let job = progress.nextJob(report) { jobs.append(job) }
        places.assign(to: &jobs)
        for job in jobs { group.addTask { (job.stage, try await execute(job)) } }
        guard let (stage, attempt) = try await group.next() else { break }
        switch attempt {
        case .fetched, .absent: searching -= 1
        default: places.leave(stage)
        }
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
  private func execute(_ job: Job) async throws -> Attempt {
    guard let claim = try store.claim(job.key) else { return .elsewhere }
    defer { withExtendedLifetime(claim) {} }
    try store.refresh()
    let recorded = store.record(for: job.key)
    if let recorded, !options.force, recorded.outputs.allSatisfy(store.contains) {
      return .found(recorded)
    }
    let lost = try await caches.bring(job.inputs.lazy.flatMap(\.outputs))
    if !lost.isEmpty { return .lost(Set(lost.map(\.digest))) }
    let clock = ContinuousClock()
    let start = clock.now
    let outputs: [[UInt8]]
    do {
      outputs = try run(job)
    } catch let error as StoreError {
      guard let blob = error.lostBlob else { throw error }
      return .lost([blob])
    } catch {
      return .failed("\(error)")
    }
    precondition(outputs.count == job.kind.outputs.count, "the outputs of \(job.kind.name)")
    let seconds = (clock.now - start) / .seconds(1)
    let record = job.record(outputs, producer: options.producer(), seconds: seconds)
    if let recorded, recorded.outputs.map(\.digest) != record.outputs.map(\.digest) {
      return .nondeterministic(recorded: recorded, now: record)
    }
    if !job.lists.isEmpty { try store.add(job.lists.map { (Blob(of: $0), .bytes($0)) }) }
    try store.commit(record, outputs: outputs, details: job.parameters.bytes)
    caches.uploads.offer(record)
    return .executed(record)
  }

  /// Executes one stage here, or in a process of its own where it has limits.
  private func run(_ job: Job) throws -> [[UInt8]] {
    guard let limits = options.limits[job.kind.name] else {
      return try job.kind.run(job.context(store, plan.files))
    }
    return try job.run(isolatedBy: options.isolation, limits, store, plan.files)
  }

  /// Sends to the shared caches, for each experiment that is complete, all that its results need.
  package func publish(_ outcome: Outcome) async throws {
    guard !caches.uploads.isEmpty else { return }
    for experiment in plan.experiments {
      guard let bundle = try plan.bundle(of: experiment, outcome, store) else { continue }
      try await caches.uploads.send(bundle, key: plan.bundleKey(of: experiment))
    }
  }
}

/// How the attempt to execute a stage ended.
enum Attempt: Sendable {
  case executed(Record)
  /// Another process finished it in the meantime.
  case found(Record)
  /// A shared cache had it.
  case fetched(Record)
  /// No shared cache has it.
  case absent
  /// Another process is at it.
  case elsewhere
  /// Another process was at it a moment ago.
  case again
  /// Blobs of inputs are damaged or gone.
  case lost(Set<Digest>)
  case failed(String)
  case nondeterministic(recorded: Record, now: Record)
}
