import Canonical
import Manifests
import Pipeline

extension StageKind {
  /// A figure as a Vega-Lite specification that holds its data.
  static let figure = StageKind(
    "figure", version: 1, scope: .each("figures"), reads: ["item"],
    inputs: [.own("summary")], outputs: ["figure.vl.json"]
  ) { context in
    let item = context.parameters["item"]
    guard let figure = Figure(item) else { throw FormatError("no figure: \(item.json())") }
    func table(_ name: String) throws -> Table {
      let text = String(decoding: try context.input("summary", name), as: UTF8.self)
      guard let table = Table(csv: text) else { throw FormatError("\(name) is no table") }
      return table
    }
    let data: FigureData
    switch figure.abscissa {
    case .iteration: data = FigureData(figure, series: try table("series.csv"))
    case .swept(let path): data = FigureData(figure, path, summary: try table("summary.csv"))
    case .metric(let metric): data = FigureData(figure, metric, runs: try table("runs.csv"))
    }
    let specification = VegaLite.specification(of: figure, data)
    return [Array((specification.json(pretty: true) + "\n").utf8)]
  }
}
