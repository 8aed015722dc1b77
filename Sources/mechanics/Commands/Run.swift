import ArgumentParser
import Manifests
import Pipeline
import Report

/// `mechanics run`
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run experiments and write their results.",
    discussion: """
      Only what is missing is executed. A run with --set, --seeds or --only is no statement about \
      the experiment: its results go to results/.scratch/, and no claim is judged.

        mechanics run manifests/cyclic.yaml --set train.iterations=1000
        mechanics run manifests/cyclic.yaml --only svm
        mechanics run manifests/mine.yaml --watch
      """)

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var options: RunOptions

  @Flag(help: "Execute every stage, also those whose outputs are in the cache.")
  var force = false

  @Option(help: "Run only these stages and what they need: a kind, an address or its start.")
  var only: [String] = []

  @Flag(help: "Say what would run, and run nothing.")
  var dryRun = false

  @Flag(help: "Run again whenever a manifest changes, or a file that it names; Ctrl-C ends it.")
  var watch = false

  func validate() throws {
    guard !watch || !force && !dryRun else {
      throw ValidationError("--watch runs what changed: it goes with neither --force nor --dry-run")
    }
  }

  func run() async throws {
    guard watch else {
      return try await once { _ in }
    }
    var watch = FileWatch()
    watch.add(manifests.watched)
    while true {
      do {
        try await once { watch.add($0) }
      } catch {
        _ = Failure(error).report()
      }
      watch.add(manifests.watched)
      Console.error("watching \(watch.count) files and folders; Ctrl-C ends it")
      let interruption = Interruption { "the watch has ended; all results are kept" }
      let changed = try await watch.changes()
      withExtendedLifetime(interruption) {}
      if changed.isEmpty { return }
      Console.error("\nchanged: \(changed.joined(separator: ", "))")
    }
  }

  /// - Parameter note: is called with the files that the manifests name, before anything runs.
  private func once(_ note: ([String]) -> Void) async throws {
    var session = try Session(manifests, options.settings())
    note(session.plan.experiments.flatMap { $0.manifest.files.map(\.location) })
    if dryRun {
      PlanReport(session.plan, session.store).printText()
      return
    }
    let run = try await session.run(options, wanted: session.wanted(only), force: force)
    let isScratch = !manifests.isAsStated || !only.isEmpty
    let folder = isScratch ? session.settings.results.scratch : session.settings.results
    let results = isScratch ? run.map(\.withoutClaims) : run
    for result in results {
      if case .manifestChanged = try Verdict(result, folder) {
        Console.error(
          "warning: \(folder.path)/\(result.experiment) was recorded from another manifest; "
            + "a new experiment needs an 'experiment:' name of its own")
      }
      try folder.write(result)
    }
    try session.writeNotes(folder)
    if options.draw { session.draw(results, in: folder) }
    session.complain(results)
    if !options.json { session.sumUp(results, judged: !isScratch, in: folder) }
    Console.error(session.summary(results, judged: !isScratch))
    guard session.isGood(results) else { throw ExitCode(.stageOrClaim) }
  }
}

extension ManifestOptions {
  /// The manifests, and the folders of them.
  fileprivate var watched: [String] {
    manifests.flatMap { argument in [argument] + ((try? ManifestOptions.files(argument)) ?? []) }
  }
}
