import Canonical
import TestSupport
import Testing

/// `plan` counts what is cached, would run, or is unknown.
struct PlanTests {
  @Test func atFirstOnlyTheDataAreKnown() throws {
    let exit = try Example.sandbox().run("plan")
    #expect(exit.code == 0)
    #expect(
      exit.out == """
        experiment  kind      stages  cached  to run  unknown
        small       data           3       0       3        0
        small       tpg            3       0       0        3
        small       svm            3       0       0        3
        small       gd             6       0       0        6
        small       fin            3       0       0        3
        small       analysis       6       0       0        6
        small       summary        1       0       0        1
        small       figure         1       0       0        1
        small       claims         1       0       0        1
        27 stages, those that experiments share counted once

        """)
  }

  @Test func afterARunAllIsCached() throws {
    let sandbox = try Example.sandbox()
    _ = try sandbox.run("run")
    let plan = try #require(try sandbox.run("plan", "--format", "json").json)
    #expect(plan["stages"] == 27)
    let kinds = try #require(plan["kinds"]?.list)
    #expect(kinds.count == 9)
    #expect(kinds.allSatisfy { $0["cached"] == $0["stages"] && $0["to-run"] == 0 })
  }

  @Test func aChangeRunsOnlyWhatDependsOnIt() throws {
    let sandbox = try Example.sandbox()
    _ = try sandbox.run("run")
    let exit = try sandbox.run("plan", "--format", "json", "--set", "train.iterations=30")
    let counts = try #require(exit.json?["kinds"]?.list).reduce(into: [:]) {
      $0[$1["kind"]!.string!] = ["cached", "to-run", "unknown"].map { [kind = $1] in kind[$0]! }
    }
    #expect(counts["svm"] == [3, 0, 0])
    #expect(counts["gd"] == [0, 6, 0])
    #expect(counts["analysis"] == [0, 0, 6])
  }

  @Test func inDotASweepIsOneNodeWithCounts() throws {
    let out = try Example.sandbox().run("plan", "--format", "dot").out
    #expect(out.hasPrefix("digraph plan {\n") && out.hasSuffix("}\n"))
    #expect(out.contains(#""small/gd" [label="gd\n0 of 6 cached"];"#))
    #expect(out.contains(#""small/gd" -> "small/analysis";"#))
    #expect(!out.contains("seed"))
  }

  @Test func whyGroupsStagesByTheirReason() throws {
    let sandbox = try Example.sandbox()
    _ = try sandbox.run("run")
    let nothing = try sandbox.run("plan", "--why").out
    #expect(nothing.hasSuffix("\nnothing would run: all is in the cache\n"), "\(nothing)")
    let exit = try sandbox.run("plan", "--why", "--set", "train.iterations=30")
    #expect(
      exit.out.hasSuffix(
        """
        6 gd, such as small/gd[train.step.size=0.1,seed=1]:
          parameter train.iterations: 20 -> 30
        6 analysis, 1 summary, 1 figure, 1 claims: unknown until these have run

        """), "\(exit)")
    let value = try sandbox.run("plan", "--why", "--format", "json", "--seeds", "1..4").json?["why"]
    #expect(
      value == [
        [
          "kind": "data", "stages": 1, "example": "small/data[train.step.size=0.1,seed=4]",
          "reasons": ["a seed that was not run"],
        ]
      ])
    #expect(try sandbox.run("plan", "--why", "--format", "dot").code == 2)
  }

  @Test func itRunsNothing() throws {
    let sandbox = try Example.sandbox()
    _ = try sandbox.run("plan")
    #expect(!sandbox.exists("results"))
    #expect(try sandbox.run("run").executed == 27)
  }
}
