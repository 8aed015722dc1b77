import Canonical
import Foundation
import ManifestToys
import Manifests
import Testing

/// Heat maps and statistics of figures are read, and read back from a stage's parameters.
struct HeatMapTests {
  private func figures() throws -> [Figure] {
    let file = GoodTests.folder.appending(path: "heatmap.yaml")
    return try Toy.read(Array(Data(contentsOf: file))).figures
  }

  @Test func aHeatMapHasTwoPathsAndAColour() throws {
    let map = try figures()[0]
    #expect(map.kind == .heatmap)
    #expect(map.abscissa == .swept("data.depth"))
    #expect(map.ordinate == "data.form")
    #expect(map.metrics == ["fits"])
    #expect(map.statistic == .share)
    #expect(map.colourScale == .log)
    #expect(map.colourTitle == "Share that fits")
    #expect(map.band == .none)
    #expect(map.by == [])
  }

  @Test func aLineOfAnotherStatisticHasNoBand() throws {
    let line = try figures()[1]
    #expect(line.statistic == .share)
    #expect(line.band == .none)
    #expect(line.by == ["data.form", "data.closed"])
  }

  @Test func figuresAreReadBack() throws {
    for figure in try figures() { #expect(Figure(figure.value) == figure) }
  }

  @Test func aLineWithoutStatisticIsSpelledAsBefore() throws {
    let manifest = try Toy.read(Toy.minimal("figures: [{name: a, y: error}]"))
    #expect(manifest.figures[0].value["statistic"] == nil)
    #expect(manifest.figures[0].value["colour-scale"] == nil)
  }
}
