import ArgumentParser
import Canonical
import Glibc
import Manifests
import Pipeline
import Remotes
import Report
import Stages
import Storage
import Theory

/// A run of some manifests, from reading them to writing their results: what `run`, `reproduce`
/// and `accept` share.
struct Session {
  let settings: Settings
  let plan: Plan
  let store: Store
  let caches: SharedCaches
  private let sources: [[UInt8]]
  private(set) var outcome: Outcome?
  /// What shared caches had under the same keys, and is not the same.
  private var conflicts: [Uploads.Conflict] = []
  /// How many stages were executed before the outcome's, as results were found to be damaged.
  private var executedBefore = 0
  /// What became of each stage, and the seconds that all took.
  private var course: (tally: Tally, seconds: Double)?

  /// Reads and plans the manifests, and opens the store where none is given.
  init(_ manifests: ManifestOptions, _ settings: Settings, store: Store? = nil) throws {
    guard Kernels.isRequestValid else {
      throw UsageError("MECHANICS_SIMD names no vector path: generic, avx2 or avx512")
    }
    self.settings = settings
    let read = try manifests.read()
    sources = try read.map { try File.contents(of: $0.file) ?? [] }
    plan = try Planner.plan(read, .mechanics)
    self.store = try store ?? Store(at: settings[.cache])
    caches = try settings.sharedCaches(self.store)
  }

  /// The wanted stages: all, or those that `names` name and what they depend on.
  func wanted(_ names: [String]) throws -> [Bool] {
    guard !names.isEmpty else { return .init(repeating: true, count: plan.stages.count) }
    return plan.needed(for: try names.flatMap { try stages(named: $0) }.map(\.stage))
  }

  /// The stages that an address names, at every place where it names them.
  func stages(named name: String) throws -> [Plan.Named] {
    if name.hasPrefix("@") {
      let forecast = Forecast(plan, store)
      let found = plan.stages.indices.filter { stage in
        forecast.keys[stage].map { Digest(of: $0.preimage).hex.hasPrefix(name.dropFirst()) }
          ?? false
      }
      if name.count >= 9, !found.isEmpty {
        return found.map {
          Plan.Named(stage: $0, kind: plan.stages[$0].kind, place: plan.places[$0])
        }
      }
    }
    let found = try plan.places(named: name)
    guard !found.isEmpty else {
      if let near = plan.address(near: name) {
        throw UsageError("no stage is named '\(name)' (did you mean '\(near)'?)")
      }
      let kinds = plan.catalog.kinds.map(\.name).distinct().joined(separator: ", ")
      throw UsageError(
        "no stage is named '\(name)': give an address or a kind: \(kinds)\(demand(for: name))")
    }
    return found
  }

  /// What a manifest has to name to get the kind in an address, if it is one that serves metrics.
  private func demand(for name: String) -> String {
    let words = name.split { !($0.isLetter || $0 == "-") }.map(String.init)
    guard let kind = plan.catalog.kinds.first(where: { words.contains($0.name) }),
      let metric = kind.serves?.first
    else { return "" }
    return "; an experiment has '\(kind.name)' where a figure or claim names a metric of it, "
      + "such as \(metric)"
  }

  /// Carries the plan out; where a result turns out to be damaged when it is read, once more.
  /// - Returns: the results of each experiment that is complete, in the order of the manifests.
  mutating func run(
    _ options: RunOptions, wanted: [Bool], force: Bool
  ) async throws -> [ExperimentResults] {
    let progress = Progress(plan, wanted: wanted, json: options.json, store)
    defer { course = (progress.tally, progress.seconds) }
    announce(wanted, force: force)
    if settings[.executor] == "slurm" {
      let outcome = try await runOnCluster(options, wanted: wanted, force: force, progress)
      self.outcome = outcome
      let results = try results(outcome)
      try await share(outcome)
      return results
    }
    let interruption = Interruption { progress.interruption }
    defer { withExtendedLifetime(interruption) { progress.end() } }
    var options = options.runner(settings, force: force)
    var attempts = 1
    while true {
      let runner = Runner(plan, store, options, caches: caches, report: { progress.show($0) })
      let outcome = try await runner.run(wanted: wanted)
      self.outcome = outcome
      do {
        let results = try results(outcome)
        try await share(outcome)
        return results
      } catch let error as StoreError {
        let makers = stages(of: error, outcome)
        guard !makers.isEmpty, store.isWritable, attempts < 3 else { throw error }
        attempts += 1
        for stage in makers { progress.show(.damaged(stage)) }
        executedBefore += outcome.executed
        options.force = false
      }
    }
  }

  /// From so many seconds of work on, a run says beforehand what it will take.
  private static let longRun = 30.0

  /// Says what a long run will take, by what its stages are expected to cost.
  private func announce(_ wanted: [Bool], force: Bool) {
    let costs = plan.costs
    func total(_ isCounted: (Int) -> Bool) -> (stages: Int, seconds: Double) {
      plan.stages.indices.reduce((0, 0.0)) { sum, stage in
        isCounted(stage) ? (sum.0 + 1, sum.1 + costs[stage]) : sum
      }
    }
    guard total({ wanted[$0] }).seconds >= Session.longRun else { return }
    let fates = force ? [] : Forecast(plan, store).fates
    let work = total { wanted[$0] && (force || fates[$0] != .cached) }
    guard work.seconds >= Session.longRun else { return }
    let (all, each) = (Int(work.seconds), Int(work.seconds) / settings.jobs)
    Console.error(
      "\(work.stages) stages to run: about \(all) s of work, \(each) s with \(settings.jobs) jobs")
  }

  /// How long sending what was made may take at the end of a run.
  private static let patience = Duration.seconds(30)

  /// Brings what was made into the shared caches.
  private mutating func share(_ outcome: Outcome) async throws {
    guard !caches.uploads.isEmpty, outcome.executed + outcome.fetched > 0 else { return }
    let report = try await caches.uploads.finish(within: Session.patience)
    try await Runner(plan, store, .lookUpOnly, caches: caches).publish(outcome)
    conflicts += report.conflicts
    if report.unsent > 0 {
      Console.error(
        "warning: \(report.unsent) stages could not be sent to all shared caches: "
          + "'mechanics cache push' sends them later")
    }
  }

  private func results(_ outcome: Outcome) throws -> [ExperimentResults] {
    try plan.experiments.indices.compactMap {
      try ExperimentResults($0, of: plan, outcome, store, manifest: sources[$0])
    }
  }

  /// The stages that made the blob which an error says is damaged or gone.
  private func stages(of error: StoreError, _ outcome: Outcome) -> [Int] {
    let lost: Digest
    switch error {
    case .damaged(let digest), .missing(let digest): lost = digest
    default: return []
    }
    return plan.stages.indices.filter { stage in
      outcome.keys[stage].flatMap { store.record(for: $0) }?.outputs
        .contains { $0.digest == lost } ?? false
    }
  }

  /// Writes what is not recorded beside the results of each complete experiment.
  func writeNotes(_ folder: ResultsFolder) throws {
    guard let outcome, let tally = course?.tally else { return }
    for (number, experiment) in plan.experiments.enumerated() {
      let (executed, reused) = tally.counts(of: number)
      let name = "\(folder.path)/\(experiment.manifest.experiment)"
      let provenance = "\(name)/\(Provenance.name)"
      guard access(name, F_OK) == 0, executed > 0 || access(provenance, F_OK) != 0 else {
        continue
      }
      let notes = Provenance(
        manifest: experiment.manifest.file, digest: Digest(of: sources[number]),
        version: Mechanics.version, simd: Kernels.simd, executed: executed, reused: reused)
      try File.replace(provenance, with: Array((notes.value.json(pretty: true) + "\n").utf8))
      let timings = Timings(number, of: plan, outcome, store)
      try File.replace("\(name)/\(Timings.name)", with: Array(timings.table.csv.utf8))
    }
  }

  /// What an interruption says once the tables are written.
  static let keptResults =
    "interrupted: all results are kept; what is not drawn yet, the next run draws"

  /// Draws the figures that are not drawn yet; without the tool it says so and goes on.
  func draw(_ results: [ExperimentResults], in folder: ResultsFolder) {
    let interruption = Interruption.endingTools(Session.keptResults)
    defer { withExtendedLifetime(interruption) {} }
    if Interruption.isAwaited { return }
    let stale = results.flatMap { Drawing.stale($0, in: folder) }
    let (graphs, figures) = (stale.filter(\.isGraph), stale.filter { !$0.isGraph })
    let drawing = stale.isEmpty ? nil : Drawing()
    do {
      if let drawing, !figures.isEmpty {
        try drawing.draw(figures)
      } else if !figures.isEmpty {
        Console.error(
          "warning: not drawn, as vl-convert is not here: \(Console.count(figures.count, "figure")); "
            + "run 'make figures', or 'pip install vl-convert-python fonttools brotli'")
      }
      if let dot = graphs.isEmpty ? nil : GraphDrawing() {
        try dot.draw(graphs, drawing)
      } else if !graphs.isEmpty {
        Console.error(
          "warning: not drawn, as Graphviz is not here: \(Console.count(graphs.count, "graph")); "
            + "run 'apt-get install graphviz'")
      }
    } catch {
      if !Interruption.isAwaited { Console.error("warning: \(error)") }
    }
  }

  /// `N stages: a executed, b local, c remote; claims x/y held`, with what is appended; the claims
  /// of an experiment that is not complete do not hold.
  func summary(
    _ results: [ExperimentResults], judged: Bool = true, _ appendix: String = ""
  ) -> String {
    let held = results.reduce(0) { $0 + $1.claims.held }
    let claims = judged ? plan.experiments.reduce(0) { $0 + $1.manifest.claims.count } : 0
    let executed = executedBefore + (outcome?.executed ?? 0)
    let found = max(0, (outcome?.found ?? 0) - executedBefore)
    let wanted = outcome?.states.count { $0 != .idle } ?? 0
    return
      "\(wanted) stages: \(executed) executed, \(found) local, \(outcome?.fetched ?? 0) remote; "
      + "claims \(held)/\(claims) held\(appendix)"
  }

  /// Says on less than a screen what the run came to.
  /// - Parameter isReported: whether the report is up to date.
  func sumUp(
    _ results: [ExperimentResults], judged: Bool = true, isReported: Bool = false,
    in folder: ResultsFolder
  ) {
    guard let course else { return }
    let summary = RunSummary(
      plan: plan, results: results, tally: course.tally, judged: judged, seconds: course.seconds,
      folder: folder, isReported: isReported)
    for line in summary.lines { Console.error(line) }
  }

  /// Says which stages failed, what they blocked, and which claims do not hold.
  func complain(_ results: [ExperimentResults]) {
    guard let outcome else { return }
    if !outcome.failures.isEmpty {
      Console.error(
        "\(Console.count(outcome.failures.count, "stage")) failed, "
          + "\(outcome.blocked.count) could not run after that:"
      )
      let failures = Dictionary(grouping: outcome.failures) { $0.reason }
        .values.sorted { $0[0].stage < $1[0].stage }
      for alike in failures.prefix(10) {
        let more = alike.count > 1 ? " and \(alike.count - 1) more" : ""
        Console.error("  \(plan.address(of: alike[0].stage))\(more): \(alike[0].reason)")
      }
      if failures.count > 10 { Console.error("  and \(failures.count - 10) other reasons") }
    }
    for conflict in conflicts { Console.error("\(conflict)") }
    for (remote, count) in caches.refused {
      Console.error(
        "\(count) downloads from \(remote) were refused, as they were not what they should be: "
          + "'mechanics cache verify --cache URL' names them all")
    }
    let unheld = results.flatMap { result in result.unheld.map { "\(result.experiment): \($0)" } }
    for claim in unheld.prefix(12) { Console.error(claim) }
    if unheld.count > 12 {
      Console.error("and \(unheld.count - 12) more: 'mechanics query claims --where status!=held'")
    }
  }

  /// Whether every stage is finished and every claim holds.
  func isGood(_ results: [ExperimentResults]) -> Bool {
    (outcome?.isComplete ?? false) && conflicts.isEmpty && results.allSatisfy { $0.unheld.isEmpty }
  }
}
