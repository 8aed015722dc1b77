import Canonical
import Manifests
import Pipeline

extension StageKind {
  /// A figure as a Vega-Lite specification that holds its data.
  static let figure = StageKind(
    "figure", version: 2, scope: .each("figures"), reads: ExperimentSeries.reads + ["item"],
    inputs: [ExperimentSeries.input], outputs: ["figure.vl.json"]
  ) { context in
    let item = context.parameters["item"]
    guard let figure = Figure(item) else { throw FormatError("no figure: \(item.json())") }
    var series = try ExperimentSeries(context)
    if figure.places != nil { try series.readArrays(for: figure, context) }
    if let seed = figure.seed { series = series.ofSeed(seed) }
    let specification =
      figure.kind == .heatmap
      ? HeatMap(figure, series).specification
      : VegaLite.specification(of: figure, FigureData(figure, series))
    return [Array((specification.json(pretty: true) + "\n").utf8)]
  }
}
