import Canonical
import Manifests

/// Figures in the grammar of Vega-Lite 5, in one style: one journal column wide, 8-point type.
enum VegaLite {
  static func specification(of figure: Figure, _ data: FigureData) -> Value {
    var layers: [Value] = []
    if figure.kind == .line, figure.band != .none {
      layers.append(["mark": ["type": "area", "opacity": 0.2], "encoding": band(figure, data)])
    }
    let mark: Value =
      switch figure.kind {
      case .points: ["type": "point", "filled": true, "size": 12, "opacity": 0.6]
      case .line where figure.abscissa == .iteration: ["type": "line", "strokeWidth": 1.5]
      case .line: ["type": "line", "strokeWidth": 1.5, "point": ["size": 20]]
      }
    layers.append(["mark": mark, "encoding": line(figure, data)])
    var specification: [String: Value] = [
      "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
      "data": ["values": .list(data.rows)],
      "width": 260, "height": 160, "layer": .list(layers), "config": style,
    ]
    if let title = figure.title { specification["title"] = .string(title) }
    return .map(specification)
  }

  private static func line(_ figure: Figure, _ data: FigureData) -> Value {
    var encoding = shared(figure, data)
    if let group = encoding["color"], figure.kind == .line { encoding["strokeDash"] = group }
    encoding["y"] = axis("y", figure.verticalTitle ?? verticalTitle(figure), figure.verticalScale)
    return .map(encoding)
  }

  private static func band(_ figure: Figure, _ data: FigureData) -> Value {
    var encoding = shared(figure, data)
    if case .map(var group) = encoding["color"] {
      group["legend"] = .null
      encoding["color"] = .map(group)
    }
    let title = figure.verticalTitle ?? verticalTitle(figure)
    encoding["y"] = axis("low", title, figure.verticalScale)
    encoding["y2"] = ["field": "high"]
    return .map(encoding)
  }

  private static func shared(_ figure: Figure, _ data: FigureData) -> [String: Value] {
    var encoding = [
      "x": axis("x", figure.horizontalTitle ?? horizontalTitle(figure), figure.horizontalScale)
    ]
    if let group = data.group {
      let title = figure.by.map { String($0.split(separator: ".").last!) }.joined(separator: ", ")
      encoding["color"] = [
        "field": .string(group), "type": "nominal", "sort": .null,
        "title": title.isEmpty ? .null : .string(title),
      ]
    }
    return encoding
  }

  private static func axis(_ field: String, _ title: String, _ scale: Figure.Scale) -> Value {
    [
      "field": .string(field), "type": "quantitative", "title": .string(title),
      "scale": scale == .log ? ["type": "log"] : ["zero": false],
    ]
  }

  private static func verticalTitle(_ figure: Figure) -> String {
    figure.metrics.joined(separator: ", ")
  }

  private static func horizontalTitle(_ figure: Figure) -> String {
    switch figure.abscissa {
    case .iteration: "iteration"
    case .swept(let path): path
    case .metric(let metric): metric
    }
  }

  /// Colours are Okabe and Ito's, told apart by every kind of colour vision.
  private static let style: Value = [
    "font": "Liberation Sans, Arial, Helvetica, sans-serif", "background": "white", "padding": 4,
    "view": ["stroke": .null],
    "axis": [
      "labelFontSize": 9, "titleFontSize": 10, "titleFontWeight": "normal", "gridColor": "#e6e6e6",
      "domainColor": "#333333", "tickColor": "#333333", "tickCount": 5, "titlePadding": 6,
    ],
    "legend": [
      "labelFontSize": 9, "titleFontSize": 9, "titleFontWeight": "normal", "orient": "bottom",
      "symbolStrokeWidth": 2, "symbolType": "stroke", "columns": 3,
    ],
    "title": ["fontSize": 11, "fontWeight": "normal", "anchor": "start"],
    "range": [
      "category": [
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#f0e442",
      ]
    ],
  ]
}
