import Canonical
import Testing

@testable import Stages

/// The tables of an experiment: a number that does not exist is an empty field.
struct TablesTests {
  /// Two runs; of `correlation` the second knows nothing but at the start.
  private func workshop() async throws -> Workshop {
    try await Measured.experiment([
      [
        RunSeries(
          iterations: [0, 10], metrics: ["correlation": [0.5, 0.75], "svm-norm": [2]]),
        RunSeries(
          iterations: [0, 10], metrics: ["correlation": [0.25, nil], "svm-norm": [nil]]),
      ]
    ])
  }

  @Test func runsHoldTheFinalValues() async throws {
    let table = try await workshop().table("summary", "runs.csv")
    #expect(table.csv == "data.length,seed,correlation,svm-norm\n1,1,0.75,2\n1,2,,\n")
  }

  @Test func statisticsAreOfTheValuesThatExist() async throws {
    let table = try await workshop().table("summary", "summary.csv")
    #expect(table.rows.contains(["1", "correlation", "mean", "0.75", "1"]))
    #expect(table.rows.contains(["1", "correlation", "std", "", "1"]))
  }

  @Test func seriesHoldMeanDeviationAndCountOfWhatChanges() async throws {
    let table = try await workshop().table("summary", "series.csv")
    #expect(
      table.csv == """
        data.length,iteration,correlation.mean,correlation.std,correlation.count
        1,0,0.375,0.1767766952966369,2
        1,10,0.75,,1

        """)
  }

  @Test func numbersThatDoNotExistAreMissingInTheFileAndReadBackSo() throws {
    let series = RunSeries(iterations: [0, 1], metrics: ["norm": [nil, .infinity]])
    let read = try RunSeries(bytes: series.bytes)
    #expect(read.metrics["norm"] == [nil, nil])
    #expect(read.final("norm") == nil && read.final("loss") == nil)
  }

  @Test func twoSeriesOfOneRunAreMerged() throws {
    let series = RunSeries(iterations: [0, 3], metrics: ["norm": [0, 1]])
    let constants = RunSeries(iterations: [], metrics: ["loss": [2]])
    let both = RunSeries(iterations: [0, 3], metrics: ["norm": [0, 1], "loss": [2]])
    #expect(try series.merged(with: constants) == both)
    #expect(try constants.merged(with: series) == both)
    #expect(throws: FormatError.self) { try series.merged(with: series) }
    #expect(throws: FormatError.self) {
      try series.merged(with: RunSeries(iterations: [0, 4], metrics: ["loss": [1, 2]]))
    }
  }

  @Test func aSeriesReadsBackAsItWas() throws {
    let series = RunSeries(iterations: [0, 3, 9], metrics: ["norm": [0, nil, 2.5], "loss": [1]])
    #expect(try RunSeries(bytes: series.bytes) == series)
  }
}
