import Canonical
import TestSupport
import Testing

/// A run that is not the experiment as stated says nothing about it.
struct ScratchTests {
  @Test(arguments: [
    ["--set", "train.iterations=30"], ["--seeds", "1..2"], ["--only", "summary"],
  ])
  func itWritesBesideTheResultsAndJudgesNoClaim(arguments: [String]) throws {
    let sandbox = try Example.sandbox()
    let exit = try sandbox.start(["run"] + arguments).wait()
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.lastLine.hasSuffix("claims 0/0 held"))
    #expect(!sandbox.exists("results/small"))
    #expect(!sandbox.exists("results/.scratch/small/claims.json"))
  }

  @Test func otherParametersAndSeedsGiveOtherTables() throws {
    let sandbox = try Example.sandbox()
    _ = try sandbox.run("run", "--seeds", "[7, 9]", "--set", "train.iterations=30")
    let runs = try sandbox.table(".scratch/small/runs.csv")
    #expect(runs.rows.map { $0[1] } == ["7", "9", "7", "9"])
    let series = try sandbox.table(".scratch/small/series.csv")
    #expect(series.rows.prefix(4).map { $0[1] } == ["0", "10", "20", "30"])
  }

  @Test func itLeavesTheResultsAlone() throws {
    let sandbox = try Example.accepted()
    let before = try sandbox.results()
    _ = try sandbox.run("run", "--set", "train.iterations=30")
    #expect(try sandbox.results() == before)
    #expect(try sandbox.run("reproduce").code == 0)
  }

  @Test func onlyTheNamedStagesAndWhatTheyNeedRun() throws {
    let sandbox = try Example.sandbox()
    #expect(try sandbox.run("run", "--only", "small/tpg[train.step.size=0.1,seed=2]").executed == 2)
    #expect(try sandbox.run("run", "--only", "svm").executed == 7)
    #expect(try sandbox.run("run", "--only", "small/gd[train.step.size=0.01]").executed == 3)
    #expect(try sandbox.run("run").executed == 15)
  }

  @Test func anUnknownStageIsAUsageErrorThatNamesTheKinds() throws {
    let exit = try Example.sandbox().run("run", "--only", "gradient")
    #expect(exit.code == 2)
    #expect(exit.err.contains("give an address or a kind: data, tpg, svm, gd"))
  }
}
