import Canonical
import TestSupport
import Testing

/// `query` prints rows of the results' tables.
struct QueryTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Example.sandbox()
    _ = try sandbox.run("run")
  }

  @Test func allRowsOfATableAsCSVAreTheTable() throws {
    for name in ["runs", "summary", "series"] {
      let exit = try sandbox.run("query", name, "--format", "csv")
      #expect(exit.out == (try sandbox.text("results/small/\(name).csv")))
    }
  }

  @Test func rowsAreFilteredByColumns() throws {
    let exit = try sandbox.run(
      "query", "summary", "--where", "metric=feasible", "--where", "statistic=mean", "--where",
      "train.step.size=0.10", "--format", "csv")
    #expect(
      exit.out == "train.step.size,metric,statistic,value,count\n0.1,feasible,mean,1,3\n")
  }

  @Test func columnsAreChosen() throws {
    let exit = try sandbox.run(
      "query", "runs", "--column", "seed", "--column", "feasible", "--where", "train.step.size=0.1")
    #expect(exit.out == "seed  feasible\n   1         1\n   2         1\n   3         1\n")
  }

  @Test func numbersForPeopleHaveSixDigits() throws {
    let arguments = ["runs", "--where", "seed=1,step.size=0.1", "--column", "norm"]
    let table = try sandbox.start(["query"] + arguments).wait().out
    let exact = try sandbox.start(["query"] + arguments + ["--format", "csv"]).wait().out
    let (short, long) = (table.split(separator: "\n")[1], exact.split(separator: "\n")[1])
    let (shown, known) = (
      try #require(Double(short.trimmingPrefix(" "))), try #require(Double(long))
    )
    #expect(short.count < long.count && abs(shown - known) <= 5e-6 * abs(known), "\(short) \(long)")
  }

  @Test func whereNoRowIsSoItSaysSo() throws {
    let exit = try sandbox.run("query", "runs", "--where", "seed=77")
    #expect(exit.code == 0 && exit.out.isEmpty)
    #expect(exit.err.contains("no row is so, of small"), "\(exit)")
    let table = try sandbox.run(
      "query", "runs", "--where", "seed=77", "--column", "seed", "--format", "csv")
    #expect(table.out == "seed\n")
  }

  @Test func asJSONARowIsAnObject() throws {
    let exit = try sandbox.run(
      "query", "runs", "--column", "seed", "--column", "feasible", "--format", "json")
    let rows = exit.out.split(separator: "\n").map { Value(json: Array($0.utf8)) }
    #expect(rows.count == 6)
    #expect(rows[0] == .some(["experiment": "small", "seed": 1, "feasible": 1]))
  }

  @Test func anUnknownColumnNamesTheNearestOrAll() throws {
    let near = try sandbox.run("query", "summary", "--where", "metrik=norm")
    #expect(near.code == 2 && near.err.contains("(did you mean 'metric'?)"), "\(near)")
    let exit = try sandbox.run("query", "summary", "--where", "colour=red")
    #expect(exit.code == 2)
    #expect(
      exit.err.contains("it has train.step.size, metric, statistic, value, count"), "\(exit)")
  }

  /// Without a sweep, and so without a column of the step size.
  private static let plain = """
    experiment: plain
    title: Without a sweep
    data: {vocabulary: 4, dimension: 4, length: 3, sequences: 3, structure: acyclic}
    train: {iterations: 20, record: {every: 10}}
    seeds: 1..2

    """

  @Test func severalExperimentsAreOneTable() throws {
    try sandbox.write("manifests/plain.yaml", QueryTests.plain)
    #expect(try sandbox.run("run", "manifests/plain.yaml").code == 0)
    let all = try sandbox.run(
      "query", "summary", "--where", "metric=feasible,statistic=mean", "--format", "csv")
    #expect(
      all.out == """
        experiment,metric,statistic,value,count,train.step.size
        plain,feasible,mean,1,2,
        small,feasible,mean,1,3,0.1
        small,feasible,mean,1,3,0.01

        """, "\(all)")
    let some = try sandbox.run(
      "query", "runs", "--where", "step.size=0.1", "--column", "seed", "--format", "csv")
    #expect(some.out == "seed\n1\n2\n3\n", "\(some)")
    #expect(some.err == "left out, as the table or a column is not there: plain\n")
    let named = try sandbox.run("query", "runs", "plain", "--where", "step.size=0.1")
    #expect(named.code == 2 && named.out.isEmpty, "what is asked for by name is not left out")
  }

  @Test func anUnknownExperimentNamesThoseThatThereAre() throws {
    let exit = try sandbox.run("query", "runs", "--experiment", "large")
    #expect(exit.code == 2)
    #expect(exit.err.contains("there are results of small"))
  }

  @Test func withoutResultsItSaysSo() throws {
    let exit = try Sandbox().run("query", "runs")
    #expect(exit.code == 2)
    #expect(exit.err.contains("run experiments first"))
  }
}
