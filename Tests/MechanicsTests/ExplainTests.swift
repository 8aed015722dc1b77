import Canonical
import Glibc
import TestSupport
import Testing

/// `explain` says why a stage would run.
struct ExplainTests {
  private static let gd = "small/gd[train.step.size=0.1,seed=2]"

  private func explained(_ arguments: String..., after run: Bool = true) throws -> Program.Exit {
    let sandbox = try Example.sandbox()
    if run { _ = try sandbox.run("run") }
    return try sandbox.start(["explain"] + arguments).wait()
  }

  @Test func aKindThatNeverRan() throws {
    let exit = try explained("small/data[train.step.size=0.1,seed=2]", after: false)
    #expect(exit.code == 0)
    #expect(exit.out.contains("runs: no stage of its kind was ever run here"), "\(exit)")
  }

  @Test func aStageThatWaitsForOthers() throws {
    let exit = try explained(ExplainTests.gd, after: false)
    #expect(
      exit.out == """
        small/gd[train.step.size=0.1,seed=2]
          unknown until the stages before it have run: small/data[train.step.size=0.1,seed=2]
            1 data: no stage of its kind was ever run here

        """)
  }

  @Test func aStageThatIsCached() throws {
    let exit = try explained(ExplainTests.gd)
    #expect(
      exit.out.contains(/seed=2\] @[0-9a-f]{16}\n  up to date: made by .* in .* s, \d+ bytes/))
  }

  @Test func aChangedParameter() throws {
    let exit = try explained(ExplainTests.gd, "--set", "train.iterations=30")
    #expect(exit.out.contains("runs: against the nearest record (@"))
    #expect(exit.out.contains("\n    parameter train.iterations: 20 -> 30\n"), "\(exit)")
  }

  @Test func aChangedSeed() throws {
    let exit = try explained("small/data", "--seeds", "9")
    #expect(exit.out.contains(/\n    seed: [123] -> 9\n/), "\(exit)")
    #expect(!exit.out.contains("parameter"))
  }

  @Test func aSeedThatIsNotThereIsSaid() throws {
    let exit = try explained("small/gd[seed=777]", after: false)
    #expect(exit.code == 2)
    #expect(
      exit.err == "mechanics: no run of small has seed=777: its seeds are 1..3\n", "\(exit)")
  }

  /// Only the manifest of the experiment is read, as long as it is where its name says.
  @Test func nothingElseIsReadForAnExperiment() throws {
    let sandbox = try Example.sandbox()
    try sandbox.write("manifests/broken.yaml", "experiment: [")
    let arguments = ["explain", "small/gd[seed=2]", "--set", "train.iterations=9"]
    #expect(try sandbox.start(arguments).wait().code == 0)
    try sandbox.write("manifests/other.yaml", Example.small.replacing("small", with: "any"))
    #expect(try sandbox.run("explain", "other/gd").err.contains("manifests/broken.yaml:1:"))
    #expect(try sandbox.run("explain", "gd").err.contains("manifests/broken.yaml:1:"))
  }

  @Test func aKindThatNobodyAskedForSaysWhatWould() throws {
    let exit = try explained("small/automaton[seed=2]", after: false)
    #expect(exit.code == 2)
    #expect(exit.err.contains("names a metric of it, such as automaton-distance"), "\(exit)")
  }

  @Test func aChangedInput() throws {
    let sandbox = try Example.sandbox()
    _ = try sandbox.run("run")
    _ = try sandbox.run("run", "--set", "data.length=4", "--only", "data")
    let exit = try sandbox.run(
      "explain", "small/tpg[train.step.size=0.1,seed=2]", "--set", "data.length=4")
    #expect(
      exit.out.contains(
        /\n    input data: content [0-9a-f]{16} -> [0-9a-f]{16}, since data has parameter data.length: 3 -> 4\n/
      ),
      "\(exit)")
  }

  /// A figure's inputs are those of all runs.
  @Test func aChangedInputOfAFigure() throws {
    let sandbox = try Example.sandbox()
    _ = try sandbox.run("run")
    let change = ["--set", "train.iterations=30"]
    let before = try sandbox.start(["explain", "small/figure"] + change).wait()
    #expect(
      before.out.contains("\n    6 gd: parameter train.iterations: 20 -> 30\n"), "\(before)")
    _ = try sandbox.start(["run", "--only", "analysis"] + change).wait()
    let after = try sandbox.start(["explain", "small/figure"] + change).wait()
    #expect(
      after.out.contains(
        /\n    input analysis: content [0-9a-f]{16} -> [0-9a-f]{16}, in 6 of 6 runs, such as small\/analysis\[train.step.size=0.1,seed=1\], since gd has parameter train.iterations: 20 -> 30\n/
      ), "\(after)")
  }

  @Test func aMissingBlob() throws {
    let sandbox = try Example.sandbox()
    _ = try sandbox.run("run")
    try sandbox.damage(blobWith: "train.step.size,seed,")
    #expect(try sandbox.run("cache", "verify").code == 1)
    let exit = try sandbox.run("explain", "small/summary")
    #expect(exit.out.contains("runs: the cache has lost its output runs.csv"), "\(exit)")
  }

  @Test func aKeyIsAnAddressToo() throws {
    let sandbox = try Example.sandbox()
    _ = try sandbox.run("run")
    let out = try sandbox.run("explain", ExplainTests.gd).out
    let key = try #require(out.firstMatch(of: /@[0-9a-f]{16}/)).0
    #expect(try sandbox.run("explain", String(key.prefix(9))).out == out)
  }

  @Test func allAsJSON() throws {
    let exit = try explained("gd", "--json")
    let stages = try #require(exit.json?.list)
    #expect(stages.count == 6)
    #expect(stages[0]["stage"] == "small/gd[train.step.size=0.1,seed=1]")
    #expect(stages[0]["key"]?.string?.count == 64)
    #expect(stages[0]["reasons"]?.list?.count == 1)
  }
}
