import Canonical
import TestSupport
import Testing

/// `query` compares, groups and makes statistics.
struct QueryStatisticsTests {
  private let sandbox: Sandbox

  /// Runs that did not happen, so that every answer can be told by hand.
  init() throws {
    sandbox = try Sandbox([
      "results/a/runs.csv": """
      data.dimension,data.form,seed,norm,loss
      4,round,1,1,0.5
      4,round,2,3,
      8,round,1,10,0.25
      8,square,1,20,0.125

      """,
      "results/a/claims.json": """
      [{"at":"final","count":2,"measured":2.0,"metric":"norm","says":"it grows","statistic":"mean",
      "status":"held","threshold":{"at-least":1.0},"where":{"data.dimension":4}},
      {"at":{"from":1,"to":9},"count":1,"metric":"loss","says":"it falls","statistic":"slope",
      "status":"broken","threshold":{"at-most":0.0},"where":{}}]
      """,
    ])
  }

  private func rows(_ arguments: String...) throws -> [String] {
    let exit = try sandbox.start(["query"] + arguments + ["--format", "csv"]).wait()
    guard exit.code == 0 else { throw Failure("\(exit)") }
    return exit.out.split(separator: "\n").map(String.init)
  }

  @Test func conditionsCompareNumbers() throws {
    let seeds: (String) throws -> [String] = { condition in
      try rows("runs", "--where", condition, "--column", "norm")
    }
    #expect(try seeds("norm>3") == ["norm", "10", "20"])
    #expect(try seeds("norm>=3") == ["norm", "3", "10", "20"])
    #expect(try seeds("norm<3.0") == ["norm", "1"])
    #expect(try seeds("norm<=3") == ["norm", "1", "3"])
    #expect(try seeds("dimension!=8") == ["norm", "1", "3"])
    #expect(try seeds("form=square") == ["norm", "20"])
    #expect(try seeds("loss>0") == ["norm", "1", "10", "20"])
    #expect(try seeds("loss=") == ["norm", "3"])
  }

  @Test func statisticsAreOfEachGroup() throws {
    #expect(
      try rows(
        "runs", "--group-by", "dimension", "--of", "norm", "--statistic", "mean", "--statistic",
        "max") == ["data.dimension,rows,norm.mean,norm.max", "4,2,2,3", "8,2,15,20"])
  }

  /// Where a swept parameter and a metric end alike, groups are the parameter's.
  @Test func groupsAreOfSweptParametersFirst() throws {
    let sandbox = try Sandbox([
      "results/a/runs.csv": """
      train.loss,seed,norm,loss
      log,1,1,0.5
      squared,1,3,0.25

      """
    ])
    let exit = try sandbox.run(
      "query", "runs", "--group-by", "loss", "--of", "norm", "--format", "csv")
    #expect(exit.out == "train.loss,rows,norm.mean\nlog,1,1\nsquared,1,3\n")
  }

  @Test func allColumnsOfNumbersAreTakenWhereNoneIsNamed() throws {
    #expect(
      try rows("runs", "--group-by", "form") == [
        "data.form,rows,data.dimension.mean,norm.mean,loss.mean",
        "round,3,5.333333333333333,4.666666666666667,0.375", "square,1,8,20,0.125",
      ])
  }

  @Test func withoutGroupsAllRowsAreOne() throws {
    #expect(
      try rows("runs", "--statistic", "median", "--of", "norm") == ["rows,norm.median", "4,6.5"])
  }

  @Test func claimsAreATable() throws {
    let unheld = try rows("claims", "--where", "status!=held")
    #expect(
      unheld == [
        "status,says,metric,statistic,at,where,threshold,measured,count",
        "broken,it falls,loss,slope,\"{\"\"from\"\":1,\"\"to\"\":9}\",,"
          + "\"{\"\"at-most\"\":0}\",,1",
      ])
    #expect(
      try rows("claims", "--where", "measured>1", "--column", "where") == [
        "where", "data.dimension=4",
      ])
  }

  @Test func columnsAndStatisticsDoNotMix() throws {
    let exit = try sandbox.run("query", "runs", "--column", "norm", "--group-by", "form")
    #expect(exit.code == 2)
    #expect(exit.err.contains("name the columns by --of"), "\(exit)")
  }
}
