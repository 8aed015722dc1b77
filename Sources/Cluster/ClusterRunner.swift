import Canonical
import Pipeline
import Storage

/// Carries a plan out on a Slurm cluster that sees the store's folder.
///
/// What is missing is divided into tasks and submitted; the tasks' ledgers say what became of each
/// stage, and the scheduler says only which tasks are still there. A task that is gone without an
/// end has lost its unfinished stages, which are submitted again: unknown is never failed.
package struct ClusterRunner: Sendable {
  /// How often what has no result is submitted.
  private static let attempts = 3

  private let plan: Plan
  private let store: Store
  private let options: SlurmOptions
  private let borrows: Bool
  private let worker: Worker.Start
  private let report: @Sendable (Event) -> Void
  private let slurm = Slurm()
  /// The run's name, the same for the same stages.
  package let name: String
  /// Where its campaigns lie.
  package let folder: String

  /// - Parameter borrows: whether a record will do whose outputs only shared caches have; what the
  ///   missing stages read must be in the store.
  package init(
    _ plan: Plan, wanted: [Bool], _ store: Store, _ options: SlurmOptions, borrows: Bool = false,
    worker: Worker.Start,
    report: @escaping @Sendable (Event) -> Void = { _ in }
  ) {
    self.plan = plan
    self.store = store
    self.options = options
    self.borrows = borrows
    self.worker = worker
    self.report = report
    let slice = plan.slice(plan.stages.indices.filter { wanted[$0] })
    name = String(Digest(of: slice).hex.prefix(10))
    folder = "\(worker.cache)/slurm/\(name)"
  }

  /// Brings the outputs of every wanted stage into the store.
  /// - Parameter follow: Whether to wait for the tasks, or only to submit them.
  package func run(wanted: [Bool], follow: Bool = true) async throws -> Outcome {
    var progress = Progress(plan, wanted, store, borrows: borrows)
    report(.began(wanted: wanted.count { $0 }))
    try progress.lookUp(report)
    var campaign: Campaign?
    var tries = 0
    while !progress.unfinished.isEmpty, tries < ClusterRunner.attempts {
      let next = try await self.campaign(for: progress.unfinished, after: campaign)
      if next.isNew { tries += 1 }
      guard follow else { break }
      var watch = Watch(next.campaign, progress, plan, store, slurm, report)
      progress = try await watch.follow()
      campaign = next.campaign
    }
    if follow {
      for stage in progress.unfinished {
        progress.fail(stage, "no task brought it to an end in \(tries) tries", report)
      }
    }
    return progress.end()
  }

  /// Cancels the run's jobs.
  package func cancel() throws {
    try latest()?.cancel(slurm)
  }

  /// The campaign to follow: another one's that is alive, or a new one.
  ///
  /// One process at a time looks and submits, so runs of one plan that start together share jobs.
  /// - Parameter old: the one that has been followed to its end.
  private func campaign(
    for stages: [Int], after old: Campaign?
  ) async throws -> (campaign: Campaign, isNew: Bool) {
    let key = Digest(of: "cluster run \(name)")
    var claim = try store.claim(key)
    while claim == nil {
      try await Task.sleep(for: .milliseconds(50))
      claim = try store.claim(key)
    }
    defer { withExtendedLifetime(claim) {} }
    if let campaign = try living(after: old) { return (campaign, false) }
    return (try submit(stages), true)
  }

  /// The last campaign, where it is not `old` and the scheduler still has tasks of it.
  private func living(after old: Campaign?) throws -> Campaign? {
    guard let campaign = try latest(), campaign.folder != old?.folder else { return nil }
    guard let tasks = try campaign.living(slurm) else {
      throw ClusterError("the scheduler does not answer, and an earlier run's jobs may be alive")
    }
    if tasks.isEmpty { return nil }
    report(.notice("following \(tasks.count) tasks of an earlier run (\(name))"))
    return campaign
  }

  private func latest() throws -> Campaign? {
    guard let last = try numbers().last else { return nil }
    return try Campaign(in: "\(folder)/\(last)")
  }

  /// The numbers of the campaigns so far.
  private func numbers() throws -> [Int] {
    try File.names(in: folder).compactMap { Int($0) }.sorted()
  }

  private func submit(_ stages: [Int]) throws -> Campaign {
    var limits = options.limits
    if let most = slurm.largestArray() { limits.tasks = min(limits.tasks, max(1, most - 1)) }
    let shards = Shards(plan, stages, limits)
    let number = (try numbers().last ?? 0) + 1
    let campaign = try Campaign(
      shards, of: plan, in: "\(folder)/\(number)", name: "mechanics-\(name)-\(number)",
      worker: worker, options)
    let jobs = try campaign.submit(to: slurm, options)
    report(
      .notice(
        "submitted \(stages.count) stages as \(campaign.tasks.reduce(0, +)) tasks of "
          + "\(jobs.count == 1 ? "job" : "jobs") \(jobs.joined(separator: ", ")) (\(name))"))
    return campaign
  }
}

/// Why the cluster could not be used.
package struct ClusterError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
