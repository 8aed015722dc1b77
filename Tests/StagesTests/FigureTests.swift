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

  @Test func aBandEndsWhereValuesCan() async throws {
    let cells = [[0.0, 1, 1, 1].map { RunSeries(iterations: [0], metrics: ["label-mass": [$0]]) }]
    let workshop = try await Measured.experiment(
      cells, figures: "{name: a, y: label-mass, x: data.length}")
    let figure = Value(json: try workshop.output("figure", "figure.vl.json"))
    let row = try #require(figure?["data"]?["values"]?.list?.first)
    #expect(row["y"] == 0.75 && row["low"] == 0.25 && row["high"] == 1)
  }

  @Test func aLogarithmicAxisShowsWhatItCanOfABand() async throws {
    let cells = Measured.finals([0, 8, 10], [0, 0, 10], [4, 5, 6])
    let workshop = try await Measured.experiment(
      cells, figures: "{name: a, y: norm, x: data.length, y-scale: log, band: quantiles}")
    let figure = Value(json: try workshop.output("figure", "figure.vl.json"))
    let rows = try #require(figure?["data"]?["values"]?.list)
    #expect(rows.map { $0["y"]?.double } == [8, nil, 5])
    #expect(rows[0]["low"]?.double == 0.8, "a positive quantile stays")
    #expect(rows[1]["low"]?.double == 0.8, "the least number that is shown")
    #expect(rows[1]["high"]?.double == 9)
  }

  @Test func metricsHaveReadableNames() async throws {
    let rows = try await rows("y: [svm-norm, norm], legend: {norm: of W}, where: {data.length: 1}")
    #expect(Set(rows.compactMap { $0["group"]?.string }) == ["of W"])
    let workshop = try await Measured.experiment(
      FigureTests.cells, figures: "{name: a, y: neg-log-rest}")
    let text = String(decoding: try workshop.output("figure", "figure.vl.json"), as: UTF8.self)
    #expect(text.contains("\"neg log rest\""))
  }

  @Test func aSweptPathHasAPointACell() async throws {
    let rows = try await rows("y: norm, x: data.length")
    #expect(rows.map { $0["x"] } == [1, 2])
    #expect(rows[0]["group"] == nil)
  }

  /// Places on the axis stand for words, which its labels have.
  @Test(arguments: ["line", "errorbars"]) func sweptWordsHaveAnAxis(kind: String) async throws {
    let workshop = try await Measured.experiment(
      FigureTests.cells, losses: ["squared", "log"],
      figures: "{name: a, y: norm, x: train.loss, kind: \(kind), lines: [{y: 3, label: three}]}")
    let figure = Value(json: try workshop.output("figure", "figure.vl.json"))
    let rows = try #require(figure?["data"]?["values"]?.list)
    #expect(rows.map { $0["x"] } == [0, 1] && rows.allSatisfy { $0["y"] != nil })
    let axis = figure?["layer"]?.list?.first?["encoding"]?["x"]?["axis"]
    #expect(axis?["labelExpr"] == "[\"squared\",\"log\"][datum.value]")
    #expect(axis?["values"] == [0, 1] && axis?["format"] == nil)
  }

  /// An odd number of panels stands in one column, each as wide as a figure.
  @Test(arguments: [(2, 2, 112), (3, 1, 260), (4, 2, 112)])
  func panelsLeaveNoPlaceEmpty(count: Int, columns: Int, width: Int) async throws {
    let cells = (1...count).map { Measured.finals([Double($0)])[0] }
    let workshop = try await Measured.experiment(
      cells, figures: "{name: a, y: norm, panels: data.length}")
    let figure = Value(json: try workshop.output("figure", "figure.vl.json"))
    #expect(figure?["columns"]?.integer == columns)
    #expect(figure?["spec"]?["width"]?.integer == width)
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
