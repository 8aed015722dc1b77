import Canonical
import Manifests
import Testing

@testable import Stages

/// A heat map's specification has a cell for each pair of values, missing or not.
struct HeatMapTests {
  private func figure(_ rest: [String: Value] = [:]) -> Figure {
    let entries: [String: Value] = [
      "name": "a", "kind": "heatmap", "x": "data.vocabulary", "y": "data.dimension", "by": [],
      "band": "none", "x-scale": "linear", "y-scale": "linear", "colour": "feasible",
      "statistic": "share",
    ]
    return Figure(.map(entries.merging(rest) { $1 }))!
  }

  /// Cells at (K, d) with values of `feasible`, one a seed.
  private func series(_ cells: [(Int, Int, [Double?])]) -> ExperimentSeries {
    ExperimentSeries(
      seeds: [1, 2],
      cells: cells.map { vocabulary, dimension, values in
        ExperimentSeries.Cell(
          swept: [
            ("data.vocabulary", .integer(vocabulary)), ("data.dimension", .integer(dimension)),
          ],
          runs: values.map { RunSeries(iterations: [0, 1], metrics: ["feasible": [$0]]) })
      })
  }

  private func rows(_ figure: Figure, _ series: ExperimentSeries) -> [Value] {
    HeatMap(figure, series).specification["data"]?["values"]?.list ?? []
  }

  @Test func everyPairOfValuesHasACell() {
    let found = rows(figure(), series([(16, 4, [1, 0]), (4, 4, [1, 1]), (4, 8, [nil, nil])]))
    #expect(
      found == [
        ["x": "4", "y": "4", "value": 1.0, "dark": true],
        ["x": "16", "y": "4", "value": 0.5, "dark": false],
        ["x": "4", "y": "8"],
        ["x": "16", "y": "8"],
      ])
  }

  @Test func aLogarithmicScaleLeavesOutWhatItCannotShow() {
    let figure = figure(["statistic": "mean", "colour-scale": "log"])
    let found = rows(figure, series([(4, 4, [0, 0]), (8, 4, [1, 3]), (16, 4, [20, 20])]))
    #expect(found.map { $0["value"]?.double } == [nil, 2, 20])
  }

  @Test func onlyCellsUnderWhereAreDrawn() {
    let figure = figure(["where": ["data.dimension": 4]])
    #expect(rows(figure, series([(4, 4, [1, 1]), (8, 8, [1, 1])])).count == 1)
  }

  @Test func axesAscend() {
    let specification = HeatMap(
      figure(), series([(16, 8, [1, 0]), (4, 4, [1, 1])])
    ).specification
    let encoding = specification["layer"]?.list?.first?["encoding"]
    #expect(encoding?["x"]?["scale"]?["domain"] == ["4", "16"])
    #expect(encoding?["y"]?["scale"]?["domain"] == ["8", "4"])
  }
}
