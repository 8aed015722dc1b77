import ArgumentParser
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
      """)

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var options: RunOptions

  @Flag(help: "Execute every stage, also those whose outputs are in the cache.")
  var force = false

  @Option(help: "Run only these stages and what they need: a kind, an address or its start.")
  var only: [String] = []

  @Flag(help: "Say what would run, and run nothing.")
  var dryRun = false

  func run() async throws {
    var session = try Session(manifests, options.settings())
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
    for result in results { Console.error("results in \(folder.path)/\(result.experiment)") }
    Console.error(session.summary(results, judged: !isScratch))
    guard session.isGood(results) else { throw ExitCode(.stageOrClaim) }
  }
}
