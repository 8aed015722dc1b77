import TestSupport
import Testing

/// `accept` records results as the ones to reproduce.
struct AcceptTests {
  @Test func itRecordsTheDigests() throws {
    let sandbox = try Example.sandbox()
    let exit = try sandbox.run("accept")
    #expect(exit.code == 0)
    #expect(
      exit.lastLine
        == "27 stages: 27 executed, 0 local, 0 remote; claims 2/2 held; digests recorded")
    #expect(sandbox.exists("results/digests.txt"))
  }

  @Test func itRefusesWhatDoesNotHold() throws {
    let sandbox = try Example.sandbox()
    try sandbox.edit("manifests/small.yaml", "at-least: 0.05", "at-least: 50")
    let exit = try sandbox.run("accept")
    #expect(exit.code == 1)
    #expect(exit.lastLine.hasSuffix("; nothing accepted"))
    #expect(exit.err.contains("claims do not hold in small, so nothing is accepted"), "\(exit)")
    #expect(!sandbox.exists("results/digests.txt"))
  }

  @Test func itKeepsTheRecordsOfOtherExperiments() throws {
    let sandbox = try Example.accepted()
    try sandbox.write(
      "manifests/other.yaml", "experiment: other\n" + Example.small.dropFirst(18))
    _ = try sandbox.run("accept", "manifests/other.yaml")
    let digests = try sandbox.text("results/digests.txt")
    #expect(digests.contains("small/runs.csv") && digests.contains("other/runs.csv"))
    #expect(try sandbox.run("reproduce").lastLine.hasSuffix("; digests equal"))
  }

  @Test func itForgetsFilesThatAreNoLongerMade() throws {
    let sandbox = try Example.accepted()
    try sandbox.edit("manifests/small.yaml", "name: curve", "name: line")
    #expect(try sandbox.run("accept").code == 0)
    let digests = try sandbox.text("results/digests.txt")
    #expect(digests.contains("small/line.vl.json") && !digests.contains("small/curve.vl.json"))
  }
}
