import Glibc
import TestSupport
import Testing

/// The exit code tells what went wrong, and standard error says it.
struct ExitCodeTests {
  @Test func aBrokenClaimIs1() throws {
    let sandbox = try Example.sandbox()
    try sandbox.edit("manifests/small.yaml", "at-least: 0.05", "at-least: 50")
    let exit = try sandbox.run("run")
    #expect(exit.code == 1)
    #expect(
      exit.err.contains(
        /small: claim broken: W grows \(mean of norm: measured 1\.\d+, stated at least 50, in train\.step\.size=0\.01\)/
      ),
      "\(exit)")
    #expect(exit.lastLine.hasSuffix("claims 1/2 held"))
  }

  @Test func anUndecidedClaimIs1() throws {
    let sandbox = try Example.sandbox()
    try sandbox.edit("manifests/small.yaml", "metric: norm,", "metric: norm, min-count: 3,")
    #expect(try sandbox.run("run").code == 0)
    try sandbox.edit("manifests/small.yaml", "structure: acyclic", "structure: any")
    try sandbox.edit("manifests/small.yaml", "dimension: 4", "dimension: 1")
    try sandbox.edit("manifests/small.yaml", "metric: norm,", "metric: svm-norm,")
    let exit = try sandbox.run("run")
    #expect(exit.code == 1)
    #expect(exit.err.contains("claim undecided: W grows"), "\(exit)")
  }

  @Test func aFailedStageIs1AndTheRestRuns() throws {
    let sandbox = try Example.sandbox()
    try sandbox.write("manifests/failing.yaml", Example.failing)
    let exit = try sandbox.run("run")
    #expect(exit.code == 1)
    #expect(exit.err.contains("failing/data[seed=1]: none of 3 drawn datasets is acyclic"))
    #expect(exit.err.contains("2 stages failed, 12 could not run after that"), "\(exit)")
    #expect(exit.executed == 27)
    #expect(sandbox.exists("results/small/runs.csv"))
    #expect(!sandbox.exists("results/failing/runs.csv"))
  }

  @Test func claimsOfAnExperimentThatFailedDoNotHold() throws {
    let exit = try Sandbox(["manifests/failing.yaml": Example.failing]).run("run")
    #expect(exit.lastLine.hasSuffix("claims 0/1 held"), "\(exit)")
  }

  @Test func failFastStopsAtTheFirstFailure() throws {
    let sandbox = try Sandbox(["manifests/failing.yaml": Example.failing])
    let exit = try sandbox.run("run", "--fail-fast", "--jobs", "1")
    #expect(exit.code == 1)
    #expect(exit.err.contains("1 stage failed"))
  }

  @Test func aBadManifestIs2() throws {
    let sandbox = try Example.sandbox()
    try sandbox.edit("manifests/small.yaml", "seeds:", "sead:")
    let exit = try sandbox.run("run")
    #expect(exit.code == 2)
    #expect(
      exit.err
        == "manifests/small.yaml:5:1: the manifest has no key 'sead'; did you mean 'seeds'?\n")
    #expect(!sandbox.exists("results"))
  }

  @Test(arguments: [
    ["frobnicate"], ["run", "--frobnicate"], ["run", "nowhere.yaml"], ["run", "--jobs", "0"],
    ["run", "--set", "data.width=3"], ["run", "-j0"], ["run", "--detach"],
    ["run", "--seeds", "3..1"], ["query", "everything"],
    ["reproduce", "--set", "data.length=4"], ["accept", "--seeds", "1"], ["svm", "nowhere.json"],
    ["explain", "nothing"], ["cache", "gc"],
  ])
  func badUsageIs2(arguments: [String]) throws {
    let exit = try Example.sandbox().start(arguments).wait()
    #expect(exit.code == 2, "\(exit)")
    #expect(exit.out == "")
    #expect(exit.err != "")
  }

  @Test func aCacheThatCannotBeMadeIs4() throws {
    let sandbox = try Example.sandbox()
    sandbox.environment["MECHANICS_CACHE"] = "/proc/mechanics"
    let exit = try sandbox.run("run")
    #expect(exit.code == 4)
    #expect(exit.err.contains("/proc/mechanics"))
  }

  @Test func aFileInTheWayOfTheCacheIs4() throws {
    let sandbox = try Example.sandbox()
    try sandbox.write("file", "")
    sandbox.environment["MECHANICS_CACHE"] = "\(sandbox.project)/file"
    #expect(try sandbox.run("run").code == 4)
    sandbox.environment["MECHANICS_CACHE"] = "\(sandbox.project)/file/below"
    #expect(try sandbox.run("run").code == 4)
  }

  @Test func aFolderOfOtherThingsIsNotTakenForACache() throws {
    let sandbox = try Example.sandbox()
    sandbox.environment["MECHANICS_CACHE"] = "\(sandbox.project)/manifests"
    let exit = try sandbox.run("run")
    #expect(exit.code == 4)
    #expect(exit.err.contains("holds 'small.yaml', not 'mechanics store 1'"))
  }

  @Test func resultsThatCannotBeWrittenAre4() throws {
    let exit = try Example.sandbox().run("run", "--results", "/proc/mechanics")
    #expect(exit.code == 4)
    #expect(exit.err.contains("/proc/mechanics"))
  }

  @Test func resultsThatDifferAre3ButABrokenClaimComesFirst() throws {
    let sandbox = try Example.accepted()
    try sandbox.edit("manifests/small.yaml", "iterations: 20", "iterations: 30")
    #expect(try sandbox.run("reproduce").code == 3)
    try sandbox.edit("manifests/small.yaml", "at-least: 0.05", "at-least: 50")
    #expect(try sandbox.run("reproduce").code == 1)
  }
}
