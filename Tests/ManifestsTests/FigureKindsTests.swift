import Canonical
import Foundation
import ManifestToys
import Manifests
import Testing

/// Every kind of figure is read, and read back from a stage's parameters.
struct FigureKindsTests {
  private func figure(_ name: String) throws -> Figure {
    try #require(try figures().first { $0.name == name })
  }

  private func figures() throws -> [Figure] {
    let file = GoodTests.folder.appending(path: "figures.yaml")
    return try Toy.read(Array(Data(contentsOf: file))).figures
  }

  @Test func figuresAreReadBack() throws {
    for figure in try figures() { #expect(Figure(figure.value) == figure) }
  }

  @Test func errorBarsShowOneStandardDeviation() throws {
    let bars = try figure("bars")
    #expect(bars.kind == .errorbars && bars.band == .std && bars.by == ["data.form"])
    #expect(try figure("quantiles").band == .quantiles)
  }

  @Test func aHistogramIsOfTheMetricOnItsHorizontalAxis() throws {
    let histogram = try figure("spread")
    #expect(histogram.metrics == ["error"] && histogram.bins == 10)
    #expect(histogram.panels == "data.depth" && histogram.by == ["data.form"])
  }

  @Test func linesTakeTheThresholdsOfClaims() throws {
    #expect(
      try figure("compared").lines.map(\.form) == [
        .horizontal(0.005), .vertical(100), .curve(.power(-1), x: 1000, y: 0.02),
        .curve(.logPower(-2), x: 1000, y: 0.02), .curve(.exponential(-0.5), x: 1000, y: 0.02),
        .horizontal(0.1), .horizontal(0.01), .horizontal(0.1),
      ])
    #expect(
      try figure("compared").lines.map(\.label)
        == ["half a step", "", "1/t", "", "", "≤ 0.1", "bound", "bound"])
    #expect(try figure("scatter").lines.map(\.form) == [.vertical(0.1)])
  }

  @Test func theLegendMayCallMetricsByOtherNames() throws {
    #expect(try figure("named").legend == ["error": "how wrong"])
  }

  @Test func bandsOfADeviationKnowWhereValuesLie() throws {
    #expect(try figure("named").bounds == ["error": .nonnegative])
    #expect(try figure("quantiles").bounds == [:])
  }

  @Test func aMetricWithIndicesIsMappedOverTwoOfThem() throws {
    let map = try figure("map")
    #expect(map.abscissa == .index("iteration") && map.ordinate == "token")
    #expect(map.seed == 3 && map.places == [] && map.panels == "data.depth")
    let last = try figure("last")
    #expect(last.places == [IndexPlace(index: "iteration", place: 100)] && last.seed == nil)
  }

  @Test func aMetricWithIndicesIsALineOverOneOfThem() throws {
    let along = try figure("along")
    #expect(along.abscissa == .index("token") && along.by == ["data.depth"])
    #expect(along.places == [IndexPlace(index: "iteration", place: nil)])
    let tokens = try figure("tokens")
    #expect(tokens.abscissa == .index("iteration") && tokens.by == ["token"])
    let multiples = try figure("multiples")
    #expect(multiples.panels == "token" && multiples.by == [] && multiples.places == [])
  }

  @Test func aGraphIsOfOneRun() throws {
    let graph = try figure("graph")
    #expect(graph.kind == .graph && graph.seed == 2)
    #expect(graph.places == [IndexPlace(index: "corner", place: 1)])
    let first = try Toy.read(Toy.minimal("seeds: 4..6\nfigures: [{name: a, kind: graph}]"))
    #expect(first.figures[0].seed == 4)
  }
}
