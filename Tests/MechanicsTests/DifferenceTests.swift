import Canonical
import TestSupport
import Testing

/// Where and by how much results part from the accepted ones.
struct DifferenceTests {
  private let sandbox: Sandbox

  /// The record is changed as if another program had made it: seed 2 of the second cell had another
  /// trajectory and ended with a norm that is larger by 0.5.
  init() throws {
    sandbox = try Example.accepted()
    var runs = try sandbox.table("small/runs.csv")
    let norm = runs.index(of: "norm")!
    let recorded = Double(runs.rows[4][norm])! + 0.5
    runs = runs.replacing(row: 4, column: norm, Decimal.text(recorded)!)
    let gd = try sandbox.table("small/lock.csv").index(of: "gd")!
    let analysis = gd + 2
    let other = String(repeating: "0", count: 16)
    let lock = try sandbox.table("small/lock.csv").replacing(row: 4, column: gd, other)
      .replacing(row: 4, column: analysis, other)
    try record("small/runs.csv", runs.csv)
    try record("small/lock.csv", lock.csv)
  }

  /// Puts a file into the results as if it had been accepted.
  private func record(_ name: String, _ text: String) throws {
    let before = Digest(of: try sandbox.folder.bytes("project/results/\(name)")).hex
    try sandbox.write("results/\(name)", text)
    try sandbox.edit("results/digests.txt", before, Digest(of: Array(text.utf8)).hex)
  }

  @Test func theFirstStageTheCellAndTheSeedAreNamed() throws {
    let exit = try sandbox.run("reproduce")
    #expect(exit.code == 3)
    #expect(exit.err.contains("small: results differ from the recorded ones"))
    #expect(
      exit.err.contains("the runs part first at stage gd of train.step.size=0.01,seed=2"),
      "\(exit)")
    #expect(exit.err.contains("1 of 6 runs differ"))
    #expect(exit.lastLine.hasSuffix("; digests differ"))
  }

  @Test func theDistanceIsGiven() throws {
    let exit = try sandbox.run("reproduce")
    let line = try #require(exit.err.split(separator: "\n").first { $0.contains("norm of ") })
    let match = try #require(line.firstMatch(of: /seed=2: (\S+) -> (\S+) \(by (\S+)\)/))
    #expect(abs(Double(match.1)! - Double(match.2)! - 0.5) < 1e-12)
    #expect(abs(Double(match.3)! - 0.5) < 1e-12)
  }

  @Test func theSameIsToldAgainTheNextTime() throws {
    let first = try sandbox.run("reproduce")
    let second = try sandbox.run("reproduce")
    #expect(second.code == 3)
    #expect(first.err == second.err)
  }

  @Test func aLostRecordIsNamed() throws {
    try sandbox.write("results/small/runs.csv", "seed\n")
    try sandbox.write("results/small/lock.csv", "seed\n")
    let exit = try sandbox.run("reproduce")
    #expect(exit.code == 3)
    #expect(exit.err.contains("small/lock.csv is no longer what was recorded"), "\(exit)")
  }

  @Test func aChangedStageVersionIsNamed() throws {
    try sandbox.edit("results/digests.txt", " gd@2 ", " gd@0 ")
    let exit = try sandbox.run("reproduce")
    #expect(exit.code == 3)
    #expect(
      exit.err.contains("version of gd: 0 -> 2, so other results are to be expected"), "\(exit)")
  }

  @Test func acceptShowsItAndRecordsAnew() throws {
    let exit = try sandbox.run("accept")
    #expect(exit.code == 0)
    #expect(exit.err.contains("part first at stage gd"), "\(exit)")
    #expect(exit.lastLine.hasSuffix("; digests recorded"))
    let again = try sandbox.run("reproduce")
    #expect(again.lastLine.hasSuffix("; digests equal"))
  }

  @Test func whereOnlyAFigureDiffersItIsNamed() throws {
    let sandbox = try Example.accepted()
    let figure = "results/small/curve.vl.json"
    let digest = Digest(of: try sandbox.folder.bytes("project/\(figure)")).hex
    try sandbox.edit("results/digests.txt", digest, String(repeating: "0", count: 64))
    let exit = try sandbox.run("reproduce")
    #expect(exit.code == 3)
    #expect(exit.err.contains("every run's stages are as recorded; these files differ:"))
    #expect(exit.err.contains("small/curve.vl.json"))
  }
}

extension Table {
  fileprivate func replacing(row: Int, column: Int, _ cell: String) -> Table {
    var table = Table(columns: columns)
    for (number, var cells) in rows.enumerated() {
      if number == row { cells[column] = cell }
      table.append(cells)
    }
    return table
  }
}
