import ArgumentParser
import Canonical
import Pipeline
import Remotes
import Storage

extension Cache {
  struct Push: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Send what experiments have made to the shared caches.",
      discussion: "  mechanics cache push --cache file:///nfs/mechanics manifests/cyclic.yaml")

    @OptionGroup var manifests: ManifestOptions
    @OptionGroup var shared: SharedCacheOptions

    @Flag(help: "Send again what is there and damaged; folders are asked, servers get all.")
    var repair = false

    func run() async throws {
      let session = try Session(manifests, shared, writable: true)
      let outcome = try await session.lookUpLocally()
      var (offered, absent) = (0, 0)
      for key in Set(outcome.keys.compactMap(\.self)).sorted() {
        guard let record = session.store.record(for: key) else { continue }
        if record.outputs.allSatisfy(session.store.contains) {
          session.caches.uploads.offer(record, repairs: repair)
          offered += 1
        } else {
          absent += 1
        }
      }
      let report = try await session.caches.uploads.finish(within: .seconds(3600))
      try await session.searcher.publish(outcome)
      for conflict in report.conflicts { Console.error("\(conflict)") }
      let missing = outcome.states.count { $0 != .finished }
      Console.error(
        "\(offered) stages: \(report.sent) are in the shared caches, \(report.unsent) not sent"
          + (absent > 0 ? "; \(absent) were borrowed and not fetched" : "")
          + (missing > 0 ? "; \(missing) have not run yet" : ""))
      if !report.conflicts.isEmpty { throw ExitCode(.stageOrClaim) }
      if report.unsent > 0 { throw ExitCode(.environment) }
    }
  }

  struct Pull: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Fetch all that experiments have made from the shared caches.",
      discussion: """
        A run fetches by itself what its results need; this fetches every output, so that any stage \
        can be looked at or run again without the shared caches.
        """)

    @OptionGroup var manifests: ManifestOptions
    @OptionGroup var shared: SharedCacheOptions

    func run() async throws {
      let session = try Session(manifests, shared, writable: false)
      let outcome = try await session.searcher.run(wanted: session.wanted([]))
      let records = outcome.keys.compactMap { $0.flatMap { session.store.record(for: $0) } }
      let wanted = Set(records.lazy.flatMap(\.outputs)).filter { !session.store.contains($0) }
      let clock = ContinuousClock()
      let start = clock.now
      let lost = try await session.caches.bring(wanted)
      let seconds = (clock.now - start) / .seconds(1)
      try session.store.synchronize()
      let missing = outcome.states.count { $0 != .finished }
      Console.error(
        "\(outcome.states.count) stages: \(outcome.found) local, \(outcome.fetched) remote, "
          + "\(missing) nowhere; \(wanted.count - lost.count) blobs fetched in "
          + "\(Decimal.text((seconds * 1000).rounded() / 1000) ?? "0") s"
          + (lost.isEmpty ? "" : ", \(lost.count) are gone"))
      if !lost.isEmpty { throw ExitCode(.environment) }
    }
  }
}

extension Runner.Options {
  /// Nothing is executed.
  static var lookUpOnly: Runner.Options {
    var options = Runner.Options()
    options.jobs = 0
    return options
  }
}

extension Session {
  /// What of the plan is in the store.
  func lookUpLocally() async throws -> Outcome {
    try await Runner(plan, store, .lookUpOnly).run(wanted: wanted([]))
  }

  /// Looks for stages here and in the shared caches, and executes none.
  fileprivate var searcher: Runner { Runner(plan, store, .lookUpOnly, caches: caches) }

  /// A session that has shared caches, and may write to them where it must.
  fileprivate init(
    _ manifests: ManifestOptions, _ shared: SharedCacheOptions, writable: Bool
  ) throws {
    try self.init(manifests, Settings(shared.flags))
    guard writable ? caches.uploads.isEmpty : caches.isEmpty else { return }
    throw UsageError(
      "no shared cache\(writable ? " that may be written" : "") is given: use --cache URL, "
        + "$MECHANICS_REMOTE_CACHE or 'shared-caches' in mechanics.yaml")
  }
}
