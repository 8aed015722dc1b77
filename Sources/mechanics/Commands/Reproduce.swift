import ArgumentParser
import Canonical
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

extension Verdict {
  /// Whether the results are not those that were recorded.
  var isMismatch: Bool {
    switch self {
    case .equal, .notRecorded: false
    case .manifestChanged, .differs: true
    }
  }

  /// The verdict for people; nothing where all is equal.
  func lines(of experiment: String) -> [String] {
    switch self {
    case .equal: []
    case .notRecorded:
      ["\(experiment): not recorded yet; 'mechanics accept' records its results"]
    case .manifestChanged(let changes):
      ["\(experiment): the manifest changed since its results were recorded"]
        + changes.prefix(12).map { "  \($0)" }
        + (changes.count > 12 ? ["  and \(changes.count - 12) more"] : [])
        + (changes.isEmpty ? ["  its text and its results changed"] : [])
        + ["  'mechanics accept' records it anew"]
    case .differs(let difference):
      ["\(experiment): results differ from the recorded ones"] + difference.lines
    }
  }
}

extension Verdict.Difference {
  fileprivate var lines: [String] {
    var lines: [String] = []
    for (kind, recorded, now) in versions {
      lines.append(
        "  version of \(kind): \(recorded.map(String.init) ?? "none") -> "
          + "\(now.map(String.init) ?? "none"), so other results are to be expected")
    }
    if let first {
      lines.append("  the runs part first at stage \(first.kind) of \(first.run)")
    }
    if let runs { lines.append("  \(runs.parting) of \(runs.all) runs differ") }
    for change in numbers { lines.append("  \(change.column) of \(change.row): \(change)") }
    if first == nil && lost.isEmpty {
      lines.append("  every run's stages are as recorded; these files differ:")
      lines += files.map { "    \($0)" }
    }
    for file in lost {
      lines.append("  \(file) is no longer what was recorded: 'git checkout' it to see more")
    }
    return lines + ["  'mechanics accept' records the results anew"]
  }
}
