import Canonical
import Manifests
import Pipeline
import Testing
import Theory

@testable import Stages

/// What figures of each kind hold.
struct FigureKindsTests {
  private func specification(_ cells: [[RunSeries]], _ figure: String) async throws -> Value {
    let workshop = try await Measured.experiment(cells, figures: "{name: a, \(figure)}")
    return try #require(Value(json: try workshop.output("figure", "figure.vl.json")))
  }

  private func rows(_ specification: Value) -> [Value] {
    specification["data"]?["values"]?.list ?? []
  }

  @Test func aHistogramCountsRuns() async throws {
    let cells = Measured.finals([0, 1, 1, nil, 4])
    let found = rows(
      try await specification(cells, "kind: histogram, x: norm, bins: 4, by: data.length"))
    #expect(found.map { $0["x"] } == [0, 1, 2, 3, 4])
    #expect(found.map { $0["y"] } == [1, 2, 0, 1, 0])
  }

  @Test func aHistogramOfLogarithmsHasEqualRatios() throws {
    let intervals = try #require(Intervals([1, 100], count: 2, .log))
    #expect(zip(intervals.edges, [1, 10, 100]).allSatisfy { abs($0 - $1) < 1e-12 * $1 })
    #expect(intervals.counts([1, 9.9, 10.1, 100]) == [2, 2])
    #expect(Intervals([], count: 2, .linear) == nil)
    #expect(try #require(Intervals([3], count: 1, .linear)).counts([3]) == [1])
  }

  @Test func panelsDivideTheRows() async throws {
    let found = try await specification(
      Measured.finals([1, 2], [3, 5]), "y: norm, panels: data.length")
    #expect(found["facet"]?["field"] == "panel")
    #expect(found["spec"]?["layer"] != nil && found["layer"] == nil)
    #expect(Set(rows(found).compactMap { $0["panel"]?.string }) == ["length 1", "length 2"])
    #expect(rows(found).allSatisfy { $0["group"] == nil })
  }

  @Test func errorBarsEndOneStandardDeviationAway() async throws {
    let drawn = try await specification(
      Measured.finals([1, 3], [3, 7]), "kind: errorbars, y: norm, x: data.length")
    let colours = (drawn["layer"]?.list ?? []).map { $0["mark"]?["color"] }
    #expect(colours.count == 4 && Set(colours).count == 1, "bars, caps and points of one colour")
    let found = rows(drawn)
    let half = 2.0.squareRoot()
    #expect(found.map { $0["y"] } == [2, 5])
    #expect(abs(found[0]["low"]!.double! - (2 - half)) < 1e-12)
    #expect(abs(found[1]["high"]!.double! - (5 + 2 * half)) < 1e-12)
  }

  private static let decay = RunSeries(
    iterations: [1, 10, 100], metrics: ["norm": [1, 0.1, 0.01]])

  /// The layers of a figure that are drawn over data of their own: lines and labels.
  private func references(_ lines: String, _ rest: String = "x-scale: log, y-scale: log")
    async throws -> [Value]
  {
    let found = try await specification(
      [[FigureKindsTests.decay]], "y: norm, \(rest), lines: [\(lines)]")
    return (found["layer"]?.list ?? []).filter { $0["data"] != nil }
  }

  @Test(arguments: [(-1.0, 10.0, 0.1), (-2, 1000, 0.5), (0.5, 0.01, 0.02), (-60, 10, 0.1)])
  func aPowerLawGoesThroughItsPointFromEndToEnd(
    exponent: Double, x0: Double, y0: Double
  ) async throws {
    let layers = try await references("{power: \(exponent), through: [\(x0), \(y0)]}")
    let layer = try #require(layers.first)
    let curve = layer["data"]?["values"]?.list ?? []
    #expect(curve.contains { $0["x"]?.double == x0 && $0["y"]?.double == y0 })
    for point in curve {
      let ratio = point["y"]!.double! / y0
      #expect(abs(Kernels.log(ratio) - exponent * Kernels.log(point["x"]!.double! / x0)) < 1e-9)
    }
    func ends(_ channel: String) -> [Double] {
      (layer["encoding"]?[channel]?["scale"]?["domain"]?.list ?? []).compactMap(\.double)
    }
    let (across, up) = (ends("x"), ends("y"))
    #expect(across[0] <= x0 * 1.0001 && x0 <= across[1] * 1.0001, "the point is on the axis")
    #expect(up[0] <= y0 * 1.0001 && y0 <= up[1] * 1.0001, "the point is on the axis")
    // At either end it leaves the plot by a side.
    for end in [curve.first, curve.last] {
      let point = try #require(end)
      let (x, y) = (point["x"]!.double!, point["y"]!.double!)
      let leaves = x <= across[0] * 1.0001 || across[1] <= x * 1.0001
      #expect(leaves || y <= up[0] * 1.0001 || up[1] <= y * 1.0001)
    }
  }

  @Test func theLawsAreWhatTheySay() async throws {
    func curve(_ line: String) async throws -> [(x: Double, y: Double)] {
      let layers = try await references(line)
      return (layers.first?["data"]?["values"]?.list ?? []).map {
        ($0["x"]!.double!, $0["y"]!.double!)
      }
    }
    let logarithm = try await curve("{log-power: -2, through: [10, 0.1]}")
    #expect(logarithm.count > 20)
    for (x, y) in logarithm {
      let expected = 0.1 * Kernels.log(10) * Kernels.log(10) / (Kernels.log(x) * Kernels.log(x))
      #expect(abs(y - expected) < 1e-12)
    }
    let exponential = try await curve("{exponential: -0.1, through: [10, 0.1]}")
    #expect(exponential.count > 20)
    for (x, y) in exponential { #expect(abs(y - 0.1 * Kernels.exp(1 - x / 10)) < 1e-12) }
  }

  @Test func axesWithLinesHaveRoundEnds() throws {
    func ends(_ values: [Double]) -> [Double] {
      let axis = PlotAxis(values, .linear, length: 100)
      return [axis?.least, axis?.most].compactMap(\.self)
    }
    #expect(ends([0.03, 0.97]) == [0, 1])
    #expect(ends([0.9412, 0.9921]) == [0.94, 1])
    #expect(ends([-3, 4123]) == [-1000, 5000])
    #expect(ends([2.1, 2.3]) == [2.1, 2.3])
    #expect(ends([5]) == [4.4, 5.6] || ends([5]) == [4.5, 5.5])
    #expect(PlotAxis([0, -1], .log, length: 100) == nil)
    let threshold = try #require(PlotAxis([0.985, 1], lines: [0.98], .linear, length: 100))
    #expect(threshold.least < 0.98 && threshold.most == 1, "a line is not on an end")
    let axis = try #require(PlotAxis([1, 1000], .log, length: 90))
    #expect(abs(axis.position(10)! - 30) < 1e-9 && axis.position(0) == nil)
  }

  @Test func labelsKeepClearOfEachOther() async throws {
    let layers = try await references(
      "{y: 0.1, label: a threshold}, {y: 0.11, label: another one}, {y: 0.09, label: a third}, "
        + "{x: 90, label: at the right end}, {x: 95, label: and beside it}, "
        + "{power: -1, through: [10, 0.1], label: 1/t}, {power: -1, through: [10, 0.11], label: 2/t}"
    )
    let texts = layers.filter { $0["mark"]?["type"] == "text" }.map(\.["encoding"])
    #expect(texts.count == 14, "each has a ground")
    let boxes = texts.map { encoding in
      LabelPlaces.Box(
        x: encoding!["x"]!["value"]!.double!, y: encoding!["y"]!["value"]!.double!,
        width: LabelPlaces.Box.width(of: encoding!["text"]!["value"]!.string!) - 1)
    }
    for (place, box) in boxes.enumerated() where place % 2 == 0 {
      #expect(box.x >= 0 && box.x + box.width <= 260 && 4 <= box.y && box.y <= 156)
      for other in boxes[(place + 2)...] {
        #expect(!box.overlaps(other) || abs(box.y - other.y) > 8)
      }
    }
  }

  @Test func shapesAndColoursHaveOneLegend() async throws {
    let cells = (1...6).map {
      [RunSeries(iterations: [0], metrics: ["norm": [Double($0)], "loss": [1]])]
    }
    let found = try await specification(cells, "x: loss, y: norm, by: data.length")
    let encoding = try #require(found["layer"]?.list?.first?["encoding"])
    let (colour, shape) = (encoding["color"]!.map!, encoding["shape"]!.map!)
    // Vega-Lite makes one legend of channels that agree in all but their ranges.
    for key in ["field", "type", "sort", "title", "legend"] { #expect(colour[key] == shape[key]) }
    #expect(colour["scale"]?["domain"] == shape["scale"]?["domain"])
    #expect(found["resolve"]?["legend"] == ["fill": "independent"])
  }

  /// Two seeds, three iterations, two tokens.
  private func arrays() -> [RunArrays] {
    [0.0, 10].map { base in
      var arrays = RunArrays(iterations: [0, 5, 10])
      arrays.set(
        "mass", [0, 1, 2, 3, nil, 5].map { $0.map { $0 + base } }, axes: ["iteration", "token"],
        shape: [3, 2])
      arrays.labels["token"] = ["the", "cat"]
      return arrays
    }
  }

  private func figure(_ entries: [String: Value]) -> Figure {
    let all: [String: Value] = [
      "name": "a", "kind": "heatmap", "x": "iteration", "y": "token", "colour": "mass",
      "by": [], "at": [:],
    ]
    return Figure(.map(all.merging(entries) { $1 }))!
  }

  private func series(_ arrays: [RunArrays]) -> ExperimentSeries {
    let runs = arrays.map { _ in RunSeries(iterations: [0, 5, 10], metrics: [:]) }
    return ExperimentSeries(seeds: [1, 2], cells: [.init(swept: [], runs: runs, arrays: arrays)])
  }

  @Test func anArrayIsMappedForOneRun() throws {
    let map = HeatMap(figure(["seed": 1]), series([arrays()[0]])).specification
    #expect(
      rows(map).map { [$0["x"], $0["y"], $0["value"]] } == [
        ["0", "the", 0.0], ["5", "the", 2.0], ["10", "the", nil],
        ["0", "cat", 1.0], ["5", "cat", 3.0], ["10", "cat", 5.0],
      ])
  }

  @Test func anArrayIsMappedAsAStatisticOverRuns() throws {
    let map = HeatMap(figure(["statistic": "mean"]), series(arrays())).specification
    #expect(rows(map).map { $0["value"]?.double } == [5, 7, nil, 6, 8, 10])
  }

  @Test func anArrayIsALineAlongAnIndex() throws {
    let along = figure([
      "kind": "line", "y": ["mass"], "x": "token", "at": ["iteration": 7], "band": "std",
    ])
    let found = FigureData(along, series(arrays())).rows
    #expect(found.map { $0["x"]?.double } == [0, 1])
    #expect(found.map { $0["y"]?.double } == [7, 8])
    let tokens = figure(["kind": "line", "y": ["mass"], "x": "iteration", "by": ["token"]])
    let lines = FigureData(tokens, series(arrays())).rows
    #expect(lines.map { $0["group"]?.string } == ["the", "the", "cat", "cat", "cat"])
    #expect(lines.map { $0["x"]?.double } == [0, 5, 0, 5, 10])
  }

  @Test func anIndexMayHaveAPanelForEachOfItsPlaces() throws {
    let panels = figure(["kind": "line", "y": ["mass"], "x": "iteration", "panels": "token"])
    let found = FigureData(panels, series(arrays())).rows
    #expect(
      found.map { $0["panel"]?.string }
        == ["token the", "token the", "token cat", "token cat", "token cat"])
    #expect(found.allSatisfy { $0["group"] == nil })
    var maps = RunArrays(iterations: [0, 1])
    maps.number("map", [0, 500])
    maps.set("mass", (0..<8).map(Double.init), axes: ["map", "query", "key"], shape: [2, 2, 2])
    let map = figure(["seed": 1, "x": "key", "y": "query", "panels": "map"])
    let specification = HeatMap(map, series([maps])).specification
    #expect(specification["facet"]?["sort"] == ["map 0", "map 500"])
    #expect(rows(specification["spec"]!).isEmpty)
    let cells = rows(specification)
    #expect(
      cells.map { $0["panel"]?.string } == [String](repeating: "map 0", count: 4)
        + [String](repeating: "map 500", count: 4))
    #expect(cells.map { $0["value"]?.double } == (0..<8).map(Double.init))
  }

  @Test func aPlaceWithANumberIsTheLastUpToIt() {
    var maps = RunArrays(iterations: [0, 1])
    maps.number("map", [0, 500])
    maps.set("mass", [1, 2], axes: ["map"], shape: [2])
    #expect([0, 499, 500, 900].map { maps.place($0, of: "map") } == [0, 0, 1, 1])
    #expect(maps.place(nil, of: "map") == 1)
    #expect(maps.label(1, of: "map") == "500" && maps.position(1, of: "map") == 500)
    #expect(throws: Never.self) { try #expect(RunArrays(bytes: maps.bytes) == maps) }
  }

  @Test func namedRowsReadDownwards() throws {
    func order(_ y: String) -> Value? {
      let map = HeatMap(
        figure(["seed": 1, "x": .string(y == "token" ? "iteration" : "token"), "y": .string(y)]),
        series([arrays()[0]]))
      return map.specification["layer"]?.list?.first?["encoding"]?["y"]?["scale"]?["domain"]
    }
    #expect(order("token") == ["the", "cat"])
    #expect(order("iteration") == ["10", "5", "0"])
  }

  @Test func manySmallCellsAreCompact() throws {
    var wide = RunArrays(iterations: Array(0..<200))
    wide.set(
      "mass", (0..<2000).map { Double($0) }, axes: ["iteration", "token"], shape: [200, 10])
    let map = HeatMap(figure(["seed": 1]), series([wide])).specification
    let text = try #require(map["data"]?["values"]?.string)
    #expect(text.split(separator: "\n").count == 1 + 60 * 10)
    #expect(text.contains("199,0,1990"))
  }

  @Test func smallCellsHaveThreeDigitsAndGroundWhereNoneIs() throws {
    var wide = RunArrays(iterations: Array(0..<60))
    wide.set(
      "mass", (0..<600).map { $0 == 7 ? nil : 1 / Double($0 + 1) }, axes: ["iteration", "token"],
      shape: [60, 10])
    let map = HeatMap(figure(["seed": 1]), series([wide])).specification
    let text = try #require(map["data"]?["values"]?.string)
    #expect(text.split(separator: "\n").count == 1 + 599)
    #expect(text.contains("0,2,0.333\n") && text.contains("59,9,0.00167\n"))
    #expect(map["layer"]?.list?.first?["encoding"]?["x2"]?["value"] == "width")
    #expect(
      [0, 1, -0.012345, 9.999, 123456, 1e-300].map(HeatMap.rounded)
        == [0, 1, -0.0123, 10, 123000, 1e-300])
  }

  @Test func arraysAreReadBack() throws {
    for arrays in arrays() { #expect(try RunArrays(bytes: arrays.bytes) == arrays) }
  }

  @Test func aGraphIsDrawnOfOneRun() async throws {
    let text = """
      experiment: toy
      title: A toy
      data: {vocabulary: 4, dimension: 4, length: 3, sequences: 6, structure: cyclic}
      train: {iterations: 1}
      seeds: 1..2
      sweep: {data.sequences: [4, 6]}
      figures: [{name: g, kind: graph, title: A graph, seed: 2, where: {data.sequences: 6}}]
      """
    let manifest = try Manifest.read(
      Array(text.utf8), file: "toy.yaml", schema: Catalog.mechanics.schema, isFile: { _ in false })
    let workshop = try await Workshop([manifest])
    let found = String(decoding: try workshop.output("graph", "graph.dot"), as: UTF8.self)
    let graphs = try GraphsFile.graphs(workshop.output("tpg", GraphsFile.name, at: 3))
    #expect(found == GraphDocument(graphs, title: "A graph").text)
    #expect(
      found.count(of: "subgraph cluster_") > 2 * graphs.count, "a cyclic graph has a component")
    #expect(
      found.count(of: "margin=") == 1 + found.count(of: "subgraph"), "no box inherits a margin of 0"
    )
    #expect(found.count(of: " -> ") == graphs.reduce(0) { $0 + $1.edges.count })
  }
}

extension String {
  fileprivate func count(of text: String) -> Int { ranges(of: text).count }
}
