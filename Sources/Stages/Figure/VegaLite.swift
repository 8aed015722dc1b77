import Canonical
import Manifests

/// Figures in the grammar of Vega-Lite 5, in one style: one journal column wide, 9-point type.
enum VegaLite {
  static func specification(of figure: Figure, _ data: FigureData) -> Value {
    let plot = Plot(figure: figure, data: data)
    return specification(
      of: figure, ["values": .list(data.rows)], panels: data.labels(of: "panel"), width: plot.width,
      height: plot.height,
      layers: plot.layers)
  }

  /// How many panels stand side by side: two, if that leaves no place empty, for an empty one would
  /// have axes.
  static func columns(_ panels: [Value]) -> Int { panels.count % 2 == 0 ? 2 : 1 }

  /// A specification in this style: `layers` over `data`, in points, for each panel if there are any.
  /// - Parameter panels: their labels in order.
  static func specification(
    of figure: Figure, _ data: Value, panels: [Value] = [], width: Int, height: Int,
    layers: [Value]
  ) -> Value {
    var specification: [String: Value] = [
      "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
      "data": data, "config": style,
    ]
    let view: [String: Value] = [
      "width": .integer(width), "height": .integer(height), "layer": .list(layers),
      // Areas and points have no legend of their own; if they shared the lines' channel, Vega-Lite
      // would leave out that of the lines as well.
      "resolve": ["scale": ["fill": "independent"], "legend": ["fill": "independent"]],
    ]
    if figure.panels == nil {
      specification.merge(view) { $1 }
    } else {
      specification["spec"] = .map(view)
      specification["columns"] = .integer(columns(panels))
      specification["spacing"] = 12
      specification["facet"] = [
        "field": "panel", "type": "nominal", "sort": .list(panels), "title": .null,
        "header": ["labelFontSize": 9, "labelPadding": 4],
      ]
    }
    if let title = figure.title { specification["title"] = .string(title) }
    return .map(specification)
  }

  /// Colours are Okabe and Ito's, told apart by every kind of colour vision.
  private static let style: Value = [
    "font": "Liberation Sans, Arial, Helvetica, sans-serif", "background": "white", "padding": 4,
    "view": ["stroke": .null],
    "axis": [
      "labelFontSize": 9, "titleFontSize": 10, "titleFontWeight": "normal", "gridColor": "#e6e6e6",
      "domainColor": "#333333", "tickColor": "#333333", "tickCount": 5, "titlePadding": 6,
      "labelFlush": false,
    ],
    "legend": [
      "labelFontSize": 9, "titleFontSize": 9, "titleFontWeight": "normal", "orient": "bottom",
      "symbolStrokeWidth": 2, "symbolSize": 220, "columns": 3,
      "titleOrient": "left", "labelLimit": 0,
    ],
    "title": ["fontSize": 11, "fontWeight": "normal", "anchor": "start"],
    "range": [
      "category": [
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#f0e442",
      ]
    ],
  ]
}
