import TestSupport
import Testing

/// The results that the repository keeps.
struct RecordedResultsTests {
  /// What git ignores, as `.gitignore` says.
  private static let ignored = [".pdf", "provenance.json", "timings.csv", "report.html"]

  /// Files of every experiment that are in git.
  private static func kept(_ experiment: String) -> [String] {
    let folder = "\(Sandbox.package)/results/\(experiment)"
    return Folder.names(folder).filter { name in !ignored.contains(where: name.hasSuffix) }
      .map { "\(folder)/\($0)" }
  }

  private static let experiments = Folder.names("\(Sandbox.package)/results")
    .filter { !$0.contains(".") }

  @Test func thereAreExperiments() { #expect(RecordedResultsTests.experiments.count > 20) }

  @Test(arguments: experiments)
  func eachTakesLessThanAMegabyte(_ experiment: String) throws {
    let sizes = try RecordedResultsTests.kept(experiment).map { try Folder.bytes($0).count }
    #expect(sizes.reduce(0, +) < 1_000_000)
  }

  @Test func allTakeLessThanTwenty() throws {
    let sizes = try RecordedResultsTests.experiments.flatMap(RecordedResultsTests.kept)
      .map { try Folder.bytes($0).count }
    #expect(sizes.reduce(0, +) < 20_000_000)
  }
}
