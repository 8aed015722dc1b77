import Canonical
import Manifests

/// Figures in the grammar of Vega-Lite 5, in one style: one journal column wide, 9-point type.
enum VegaLite {
  static func specification(of figure: Figure, _ data: FigureData) -> Value {
    let plot = Plot(figure: figure, data: data)
    return specification(
      titled: figure.title, data.rows, width: 260, height: 160, layers: plot.layers)
  }

  /// A specification in this style: `layers` over the data `rows`, in points.
  static func specification(
    titled title: String?, _ rows: [Value], width: Int, height: Int, layers: [Value]
  ) -> Value {
    var specification: [String: Value] = [
      "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
      "data": ["values": .list(rows)],
      "width": .integer(width), "height": .integer(height), "layer": .list(layers),
      "config": style,
      // Areas and points have no legend of their own; if they shared the lines' channel, Vega-Lite
      // would leave out that of the lines as well.
      "resolve": ["scale": ["fill": "independent"], "legend": ["fill": "independent"]],
    ]
    if let title { specification["title"] = .string(title) }
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
      "titleOrient": "left",
    ],
    "title": ["fontSize": 11, "fontWeight": "normal", "anchor": "start"],
    "range": [
      "category": [
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#f0e442",
      ]
    ],
  ]
}

/// The layers of one figure.
private struct Plot {
  let figure: Figure
  let data: FigureData

  /// The band below the line; points on the line where x is a swept parameter.
  var layers: [Value] {
    var layers: [Value] = []
    if figure.kind == .line, figure.band != .none {
      layers.append(layer(["type": "area", "opacity": 0.2], y: "low", "high"))
    }
    if figure.kind == .line {
      layers.append(layer(["type": "line", "strokeWidth": 1.5], y: "y"))
    }
    if figure.kind == .points || figure.abscissa != .iteration {
      let size: Value = figure.kind == .points ? 12 : 24
      layers.append(
        layer(["type": "point", "filled": true, "opacity": 1, "size": size], y: "y"))
    }
    return layers
  }

  private func layer(_ mark: Value, y: String, _ y2: String? = nil) -> Value {
    var encoding = ["x": x, "y": self.y(y)]
    if let y2 { encoding["y2"] = ["field": .string(y2)] }
    if data.hasGroups { encoding.merge(groups(mark["type"] == "line")) { $1 } }
    return ["mark": mark, "encoding": .map(encoding)]
  }

  /// What tells groups apart: lines by stroke and dashes, which the legend shows; areas and points
  /// by the same colours, without a legend of their own unless there are only points.
  private func groups(_ isLine: Bool) -> [String: Value] {
    let names = figure.by.map { String($0.split(separator: ".").last!) }
    var group: [String: Value] = [
      "field": "group", "type": "nominal", "sort": .null,
      "title": names.isEmpty ? .null : .string(names.joined(separator: ", ")),
    ]
    if isLine { return ["stroke": .map(group), "strokeDash": .map(group)] }
    if figure.kind == .line { group["legend"] = .null }
    return ["fill": .map(group)]
  }

  private var x: Value {
    var axis: [String: Value] = [:]
    let title: String
    switch figure.abscissa {
    case .iteration: title = "iteration"
    case .swept(let path):
      title = path
      axis = [
        "values": .list(data.positions), "format": "~g",
        "labelOverlap": "greedy",
        // On a logarithmic axis even given ticks are thinned out to this number.
        "tickCount": .integer(data.positions.count),
      ]
    case .metric(let metric): title = metric
    }
    return channel("x", figure.horizontalTitle ?? title, figure.horizontalScale, axis)
  }

  private func y(_ field: String) -> Value {
    let title = figure.verticalTitle ?? figure.metrics.joined(separator: ", ")
    return channel(field, title, figure.verticalScale, [:])
  }

  private func channel(
    _ field: String, _ title: String, _ scale: Figure.Scale, _ axis: [String: Value]
  ) -> Value {
    [
      "field": .string(field), "type": "quantitative", "title": .string(title),
      "axis": .map(axis),
      "scale": scale == .log ? ["type": "log", "nice": false] : ["zero": false],
    ]
  }
}
