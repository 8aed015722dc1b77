import ArgumentParser
import Cluster
import Pipeline
import Remotes
import Storage

/// Runs on a cluster.
extension Session {
  /// Has the cluster carry out what neither this machine's store nor the shared caches have, and
  /// waits for it.
  func runOnCluster(
    _ options: RunOptions, wanted: [Bool], force: Bool, _ progress: Progress
  ) async throws -> Outcome {
    guard !force else {
      throw UsageError("a cluster executes only what is missing: recompute with --executor local")
    }
    let borrows = try await fetch(wanted: wanted)
    let runner = ClusterRunner(
      plan, wanted: wanted, store, settings.slurm, borrows: borrows,
      worker: try Worker.Start(program: File.real("/proc/self/exe"), cache: File.real(store.path)),
      report: { progress.show($0) })
    try RunNote().write(in: runner.folder)
    let interruption = Interruption { ClusterQuestion(runner).answer }
    defer { withExtendedLifetime(interruption) { progress.end() } }
    let outcome = try await runner.run(wanted: wanted, follow: !options.cluster.detach)
    if options.cluster.detach {
      progress.end()
      Console.error("detached: 'mechanics attach \(runner.name)' follows the run to its results")
      throw ExitCode.success
    }
    for case (let key?, .finished) in zip(outcome.keys, outcome.states) {
      guard let record = store.record(for: key), !record.isBorrowed else { continue }
      caches.uploads.offer(record, repairs: false)
    }
    return outcome
  }

  /// Fetches what shared caches have: records, what results are read from, and what the missing
  /// stages read, since the tasks of a cluster ask no shared cache.
  /// - Returns: whether all that was to be had was there.
  private func fetch(wanted: [Bool]) async throws -> Bool {
    guard !caches.isEmpty else { return true }
    let found = try await Runner(plan, store, .lookUpOnly, caches: caches).run(wanted: wanted)
    let missing = plan.stages.indices.filter { wanted[$0] && found.states[$0] != .finished }
    let inputs = Set(missing.flatMap { plan.inputs(of: $0).map(Int.init) }).sorted()
    let records = inputs.compactMap { found.keys[$0].flatMap { store.record(for: $0) } }
    return try await caches.bring(records.lazy.flatMap(\.outputs)).isEmpty
  }
}
