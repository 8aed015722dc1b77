import Canonical
import TestSupport
import Testing

/// A number that does not exist is an empty field, and cells with commas are quoted.
struct MissingValuesTests {
  private static let manifest = """
    experiment: missing
    title: Some Graph-SVMs have no solution
    data: {vocabulary: 10, dimension: 2, length: 4, sequences: 12}
    train: {iterations: 5}
    seeds: 1..3
    sweep: {train.initial: [zero, {random: 2.0}], train.record: [{every: 5}, {log: 2}]}
    claims:
      - {says: "aligned", metric: correlation, statistic: mean, at-least: 0}

    """

  private let sandbox: Sandbox
  private let exit: Program.Exit

  init() throws {
    sandbox = try Sandbox(["manifests/missing.yaml": MissingValuesTests.manifest])
    exit = try sandbox.run("run")
  }

  @Test func anInfeasibleProblemHasNoCorrelation() throws {
    let runs = try sandbox.table("missing/runs.csv")
    let correlation = try #require(runs.index(of: "correlation"))
    let feasible = try #require(runs.index(of: "feasible"))
    #expect(runs.rows.allSatisfy { $0[correlation] == "" && $0[feasible] == "0" })
  }

  @Test func statisticsOfNothingAreEmptyWithCountZero() throws {
    let summary = try sandbox.table("missing/summary.csv")
    let rows = summary.rows.filter { $0[2] == "svm-norm" }
    #expect(rows.count == 28)
    #expect(rows.allSatisfy { $0[4] == "" && $0[5] == "0" })
  }

  @Test func aClaimOnNothingIsUndecidedAndFailsTheRun() throws {
    #expect(exit.code == 1)
    #expect(exit.err.contains("missing: claim undecided: aligned"))
    #expect(
      exit.err.contains(
        "; 0 seeds have a value there, too few: it is missing where W or W_svm is 0, and where "
          + "there is no W_svm)"), "\(exit)")
    #expect(exit.lastLine.hasSuffix("claims 0/1 held"))
    let claim = Value(json: Array(try sandbox.text("results/missing/claims.json").utf8))?.list?[0]
    #expect(claim?["status"] == "undecided")
    #expect(claim?["measured"] == .null && claim?["count"] == 0)
  }

  /// Every iteration is recorded; W is 0 at the first.
  @Test func aWindowOfMissingValuesSaysWhy() throws {
    let sandbox = try Example.sandbox()
    try sandbox.edit(
      "manifests/small.yaml", "metric: norm, statistic: mean, at-least: 0.05",
      "metric: correlation, at: {from: 0, to: 20}, at-least: 0")
    try sandbox.edit("manifests/small.yaml", "train: {", "train: {initial: zero, ")
    let exit = try sandbox.run("run")
    #expect(
      exit.err.contains("; 0 seeds have all values there, too few: it is missing where W "),
      "\(exit)")
  }

  @Test func cellsAreQuotedByRFC4180() throws {
    let lines = try sandbox.text("results/missing/runs.csv").split(separator: "\n")
    #expect(lines[1].hasPrefix(#"zero,"{""every"":5}",1,"#), "\(lines[1])")
  }
}
