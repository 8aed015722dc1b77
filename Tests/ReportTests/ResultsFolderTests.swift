import Canonical
import Report
import TestSupport
import Testing

/// Files are written when they change, and accepted ones are kept aside.
struct ResultsFolderTests {
  private let folder: Folder
  private let results: ResultsFolder

  init() throws {
    folder = try Folder()
    results = ResultsFolder("\(folder.path)/results")
  }

  @Test func whatIsWrittenAgainDoesNotChange() async throws {
    let tally = try await Tally().results(folder)
    #expect(
      try results.write(tally) == ["claims.json", "lock.csv", "manifest.json", "runs.csv"])
    #expect(try results.write(tally) == [])
    #expect(try results.write(await Tally(offset: 5).results(folder)) == ["lock.csv", "runs.csv"])
  }

  @Test func acceptedFilesAreKeptAsideWhenTheyChange() async throws {
    try results.accept([await Tally().results(folder)])
    let accepted = try folder.bytes("results/tally/runs.csv")
    try results.write(await Tally(offset: 5).results(folder))
    try results.write(await Tally(offset: 7).results(folder))
    #expect(try folder.bytes("results/.recorded/tally/runs.csv") == accepted)
    #expect(try results.accepted("tally/runs.csv", results.digests()) == accepted)
  }

  @Test func filesThatWereNeverAcceptedAreNotKept() async throws {
    try results.write(await Tally().results(folder))
    try results.write(await Tally(offset: 5).results(folder))
    #expect(!folder.exists("results/.recorded"))
  }

  @Test func whatIsNotAcceptedHasNoBytes() async throws {
    try results.write(await Tally().results(folder))
    #expect(try results.accepted("tally/runs.csv", results.digests()) == nil)
  }

  @Test func acceptingWritesTheDigests() async throws {
    let tally = try await Tally().results(folder)
    try results.accept([tally])
    let digests = try results.digests()
    #expect(digests.files.count == 4)
    #expect(digests.files["tally/runs.csv"] == Digest(of: tally.files["runs.csv"]!))
    #expect(digests.versions == ["tally": ["count": 1, "summary": 1, "numerics": 1]])
  }

  @Test func scratchIsAFolderOfItsOwn() {
    #expect(results.scratch.path == "\(results.path)/.scratch")
  }

  @Test func withoutClaimsTheyAreNotWritten() async throws {
    try results.scratch.write(await Tally().results(folder).withoutClaims)
    #expect(folder.exists("results/.scratch/tally/runs.csv"))
    #expect(!folder.exists("results/.scratch/tally/claims.json"))
  }
}
