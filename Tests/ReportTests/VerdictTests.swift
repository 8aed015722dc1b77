import Canonical
import TestSupport
import Testing

@testable import Report

/// How results compare with the accepted ones.
struct VerdictTests {
  private let folder: Folder
  private let results: ResultsFolder

  init() async throws {
    folder = try Folder()
    results = ResultsFolder("\(folder.path)/results")
    try results.accept([await Tally().results(folder)])
  }

  private func verdict(_ tally: Tally) async throws -> Verdict {
    try Verdict(await tally.results(folder), results)
  }

  @Test func theSameIsEqual() async throws {
    #expect(try await verdict(Tally()).isEqual)
  }

  @Test func aRemarkInTheManifestIsNoChange() async throws {
    #expect(try await verdict(Tally(comment: "# Hm.\n")).isEqual)
  }

  @Test func withoutARecordNothingIsRecorded() async throws {
    let other = ResultsFolder("\(folder.path)/other")
    guard case .notRecorded = try Verdict(await Tally().results(folder), other) else {
      Issue.record("recorded")
      return
    }
  }

  @Test func anotherManifestIsToldByItsPaths() async throws {
    guard case .manifestChanged(let changes) = try await verdict(Tally(size: 4)) else {
      Issue.record("the manifest is the same")
      return
    }
    #expect(changes.map(\.description) == ["data.size: 3 -> 4"])
  }

  @Test func anotherOutputIsToldByItsStageAndRun() async throws {
    guard case .differs(let difference) = try await verdict(Tally(offset: 5)) else {
      Issue.record("no difference")
      return
    }
    #expect(difference.first?.kind == "count")
    #expect(difference.first?.run == "seed=2")
    #expect(difference.runs?.parting == 1 && difference.runs?.all == 3)
    #expect(difference.versions.isEmpty && difference.lost.isEmpty)
    #expect(difference.files == ["tally/lock.csv", "tally/runs.csv"])
    #expect(
      difference.numbers
        == [
          Verdict.NumberChange(
            column: "count", row: "seed=2", recorded: "5", now: "10")
        ])
  }

  @Test func anotherVersionIsTold() async throws {
    guard case .differs(let difference) = try await verdict(Tally(offset: 5, version: 2)) else {
      Issue.record("no difference")
      return
    }
    #expect(difference.versions.map(\.kind) == ["count"])
    #expect(difference.versions.first?.recorded == 1 && difference.versions.first?.now == 2)
  }

  @Test func anotherVersionWithTheSameResultsIsEqual() async throws {
    #expect(try await verdict(Tally(version: 2)).isEqual)
  }

  @Test func writingOtherResultsDoesNotForgetTheRecord() async throws {
    let changed = try await Tally(offset: 5).results(folder)
    try results.write(changed)
    guard case .differs(let difference) = try Verdict(changed, results) else {
      Issue.record("no difference")
      return
    }
    #expect(difference.numbers.first?.recorded == "5")
    #expect(difference.lost.isEmpty)
  }

  @Test func aRecordThatWasEditedIsLost() async throws {
    try folder.write("results/tally/lock.csv", "seed\n")
    try folder.write("results/tally/runs.csv", "seed\n")
    guard case .differs(let difference) = try await verdict(Tally(offset: 5)) else {
      Issue.record("no difference")
      return
    }
    #expect(difference.lost == ["tally/lock.csv", "tally/runs.csv"])
  }

  @Test func claimsThatDoNotHoldAreToldInALine() async throws {
    let tally = try await Tally().results(folder)
    #expect(tally.claims == (held: 1, all: 2))
    #expect(
      tally.unheld == [
        "claim broken: fast (mean of speed: measured 3.5, stated at least 4)"
      ])
  }
}
