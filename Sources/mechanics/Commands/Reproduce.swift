import ArgumentParser
import Pipeline
import Report

/// `mechanics reproduce`
struct Reproduce: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run experiments and compare their results with the recorded ones.",
    discussion: """
      Compares the digests of all results with results/digests.txt. Where they differ, it names the \
      first stage at which the runs part and by how much the numbers differ, and ends with 3.
      """)

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var options: RunOptions

  @Flag(help: "Use no cache: execute every stage anew.")
  var recompute = false

  func run() async throws {
    guard manifests.isAsStated else {
      throw UsageError(
        "reproduce runs manifests as they are stated: use 'run' with --set or --seeds")
    }
    var session = try Session(manifests, options.settings())
    let results = try await session.run(options, wanted: session.wanted([]), force: recompute)
    let folder = session.settings.results
    let verdicts = try results.map { try Verdict($0, folder) }
    for result in results { try folder.write(result) }
    try session.writeNotes(folder)
    if options.draw { session.draw(results, in: folder) }
    let isReported = options.draw && session.refreshReport(in: folder)
    session.complain(results)
    for (result, verdict) in zip(results, verdicts) {
      for line in verdict.lines(of: result.experiment) { Console.error(line) }
    }
    if !options.json { session.sumUp(results, isReported: isReported, in: folder) }
    let word = Reproduce.word(verdicts, of: session.plan.experiments.count)
    Console.error(session.summary(results, "; digests \(word)"))
    guard session.isGood(results) else { throw ExitCode(.stageOrClaim) }
    if verdicts.contains(where: \.isMismatch) { throw ExitCode(.differs) }
  }

  private static func word(_ verdicts: [Verdict], of experiments: Int) -> String {
    if let mismatch = verdicts.first(where: \.isMismatch) {
      if case .manifestChanged = mismatch { return "not compared: manifest changed" }
      return "differ"
    }
    guard verdicts.count == experiments else { return "not compared: incomplete" }
    let unrecorded = verdicts.count { !$0.isEqual }
    if unrecorded == 0 { return "equal" }
    return unrecorded == verdicts.count ? "not recorded" : "equal, \(unrecorded) not recorded"
  }
}
