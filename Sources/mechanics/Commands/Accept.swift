import ArgumentParser
import Report

/// `mechanics accept`
struct Accept: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Record the results of experiments as the ones to reproduce.",
    discussion: """
      Runs the experiments, shows what changes against the recorded results, and writes \
      results/digests.txt. Commit results/ afterwards.
      """)

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var options: RunOptions

  func run() async throws {
    guard manifests.isAsStated else {
      throw UsageError(
        "only experiments as they are stated can be accepted, without --set or --seeds")
    }
    var session = try Session(manifests, options.settings())
    let results = try await session.run(options, wanted: session.wanted([]), force: false)
    let folder = session.settings.results
    for result in results {
      for line in try Verdict(result, folder).lines(of: result.experiment) { Console.error(line) }
    }
    session.complain(results)
    guard session.isGood(results) else {
      let bad = results.filter { !$0.unheld.isEmpty }.map(\.experiment)
      if !bad.isEmpty {
        Console.error(
          "claims do not hold in \(bad.joined(separator: ", ")), so nothing is accepted; name the "
            + "manifests of others to accept these")
      }
      Console.error(session.summary(results, "; nothing accepted"))
      throw ExitCode(.stageOrClaim)
    }
    try folder.accept(results)
    try session.writeNotes(folder)
    if options.draw { session.draw(results, in: folder) }
    let isReported = options.draw && session.refreshReport(in: folder, force: true)
    if !options.json { session.sumUp(results, isReported: isReported, in: folder) }
    Console.error(session.summary(results, "; digests recorded"))
  }
}
