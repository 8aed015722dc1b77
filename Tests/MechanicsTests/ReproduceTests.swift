import Canonical
import TestSupport
import Testing

/// `reproduce` compares results with the accepted ones and says how they differ.
struct ReproduceTests {
  @Test func equalResultsEndWith0() throws {
    let exit = try Example.accepted().run("reproduce")
    #expect(exit.code == 0, "\(exit)")
    #expect(
      exit.lastLine
        == "27 stages: 0 executed, 27 local, 0 remote; claims 2/2 held; digests equal")
  }

  @Test func recomputingEverythingGivesTheSame() throws {
    let exit = try Example.accepted().run("reproduce", "--recompute")
    #expect(
      exit.lastLine
        == "27 stages: 27 executed, 0 local, 0 remote; claims 2/2 held; digests equal")
  }

  @Test func theOrderOfSeedsInTimeDoesNotMatter() throws {
    let sandbox = try Example.accepted()
    sandbox.environment["MECHANICS_CACHE"] = "\(sandbox.folder.path)/other"
    let exit = try sandbox.run("reproduce", "--jobs", "7")
    #expect(exit.executed == 27)
    #expect(exit.lastLine.hasSuffix("digests equal"))
  }

  @Test func aNewManifestEndsWith0AndAHint() throws {
    let exit = try Example.sandbox().run("reproduce")
    #expect(exit.code == 0)
    #expect(exit.err.contains("small: not recorded yet; 'mechanics accept' records its results"))
    #expect(exit.lastLine.hasSuffix("; digests not recorded"))
  }

  @Test func aNewManifestBesideARecordedOneIsCounted() throws {
    let sandbox = try Example.accepted()
    try sandbox.write(
      "manifests/other.yaml", "experiment: other\n" + Example.small.dropFirst(18))
    let exit = try sandbox.run("reproduce")
    #expect(exit.code == 0)
    #expect(exit.lastLine.hasSuffix("; digests equal, 1 not recorded"))
  }

  @Test func aChangedManifestEndsWith3AndShowsWhatChanged() throws {
    let sandbox = try Example.accepted()
    try sandbox.edit("manifests/small.yaml", "iterations: 20", "iterations: 30")
    try sandbox.edit("manifests/small.yaml", "seeds: 1..3", "seeds: 1..4")
    let exit = try sandbox.run("reproduce")
    #expect(exit.code == 3)
    #expect(exit.err.contains("small: the manifest changed since its results were recorded"))
    #expect(exit.err.contains("train.iterations: 20 -> 30"), "\(exit)")
    #expect(exit.err.contains(#"seeds: "1..3" -> "1..4""#), "\(exit)")
    #expect(exit.lastLine.hasSuffix("; digests not compared: manifest changed"))
  }

  @Test func aChangedManifestIsToldAgainTheNextTime() throws {
    let sandbox = try Example.accepted()
    try sandbox.edit("manifests/small.yaml", "iterations: 20", "iterations: 30")
    _ = try sandbox.run("reproduce")
    let exit = try sandbox.run("reproduce")
    #expect(exit.code == 3)
    #expect(exit.err.contains("train.iterations: 20 -> 30"), "\(exit)")
  }

  @Test func aCommentInTheManifestChangesNothing() throws {
    let sandbox = try Example.accepted()
    try sandbox.edit("manifests/small.yaml", "seeds:", "# A remark.\nseeds:")
    let exit = try sandbox.run("reproduce")
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.lastLine.hasSuffix("; digests equal"))
  }

  @Test func anExperimentThatFailedIsNotCalledEqual() throws {
    let exit = try Sandbox(["manifests/failing.yaml": Example.failing]).run("reproduce")
    #expect(exit.code == 1)
    #expect(exit.lastLine.hasSuffix("; digests not compared: incomplete"), "\(exit)")
  }
}
