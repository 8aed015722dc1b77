import Canonical
import Testing

@testable import Stages

/// The points that a figure shows.
struct FigureTests {
  private static let cells = [
    [1.0, 2, 4].map {
      RunSeries(iterations: [0, 1000], metrics: ["norm": [0, $0], "loss": [$0]])
    },
    [3.0, 3, 9].map {
      RunSeries(iterations: [0, 1000], metrics: ["norm": [0, $0], "loss": [$0]])
    },
  ]

  private func rows(_ figure: String) async throws -> [Value] {
    let workshop = try await Measured.experiment(
      FigureTests.cells, figures: "{name: a, \(figure)}")
    let figure = Value(json: try workshop.output("figure", "figure.vl.json"))
    return try #require(figure?["data"]?["values"]?.list)
  }

  @Test func aLineIsTheMeanWithOneStandardDeviation() async throws {
    let rows = try await rows("y: norm, by: data.length, band: std")
    #expect(rows.count == 4)
    #expect(rows[3]["group"] == "2" && rows[3]["x"] == 1000 && rows[3]["y"] == 5)
    let deviation = 12.0.squareRoot()
    #expect(abs(rows[3]["low"]!.double! - (5 - deviation)) < 1e-12)
    #expect(abs(rows[3]["high"]!.double! - (5 + deviation)) < 1e-12)
  }

  @Test func quantilesSurroundTheMedian() async throws {
    let rows = try await rows("y: norm, by: data.length, band: quantiles")
    #expect(rows[1]["y"] == 2 && rows[1]["low"] == 1.1)
    #expect(abs(rows[1]["high"]!.double! - 3.8) < 1e-12)
  }

  @Test func withoutABandThereIsOnlyTheLine() async throws {
    let rows = try await rows("y: norm, by: data.length, band: none")
    #expect(rows.allSatisfy { $0["low"] == nil && $0["high"] == nil })
  }

  @Test func aLogarithmicAxisLeavesOutWhatItCannotShow() async throws {
    #expect(try await rows("y: norm, by: data.length, x-scale: log").count == 2)
    #expect(try await rows("y: norm, by: data.length, y-scale: log").count == 2)
  }

  @Test func aSweptPathHasAPointACell() async throws {
    let rows = try await rows("y: norm, x: data.length")
    #expect(rows.map { $0["x"] } == [1, 2])
    #expect(rows[0]["group"] == nil)
  }

  @Test func aMetricAgainstAMetricHasAPointARun() async throws {
    let rows = try await rows("y: norm, x: loss, kind: points, band: none, by: data.length")
    #expect(rows.count == 6)
    #expect(rows.allSatisfy { $0["x"] == $0["y"] })
  }

  @Test func onlyTheCellsUnderWhereAreShown() async throws {
    let rows = try await rows("y: [norm, loss], where: {data.length: 2}")
    #expect(Set(rows.compactMap { $0["group"]?.string }) == ["norm", "loss"])
  }
}
