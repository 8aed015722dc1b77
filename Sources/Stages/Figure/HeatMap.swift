import Canonical
import Manifests
import Theory

/// A heat map: a cell for each pair of two swept parameters' values, or of two indices of a metric,
/// coloured and, where there is room, labelled with a number; grey where it is missing.
struct HeatMap {
  private let figure: Figure
  private let grids: [HeatMapGrid]
  /// The values of the lightest and of the darkest colour.
  private let domain: (least: Double, most: Double)

  init(_ figure: Figure, _ series: ExperimentSeries) {
    self.figure = figure
    grids = HeatMapGrid.grids(of: figure, series.cells.filter(figure.holds))
    let values = grids.lazy.flatMap(\.values).compactMap(\.self)
    domain = HeatMap.domain(values.min() ?? 0, values.max() ?? 1, figure)
  }

  private var columns: [String] { grids.first?.columns ?? [] }
  private var rows: [String] { grids.first?.rows ?? [] }
  /// In points: wide enough for `1.23e+4`, or as much as a journal's column has.
  private var cellWidth: Int { max(1, min(44, (figure.panels == nil ? 264 : 116) / columnCount)) }
  private var cellHeight: Int {
    figure.places == nil ? 24 : max(1, min(24, (figure.panels == nil ? 180 : 116) / rowCount))
  }
  private var columnCount: Int { max(1, columns.count) }
  private var rowCount: Int { max(1, rows.count) }
  private var width: Int { figure.places == nil ? 44 * columns.count : cellWidth * columns.count }
  private var height: Int { cellHeight * rows.count }
  /// Whether a cell is large enough for its number.
  private var isLabelled: Bool { figure.places == nil || cellWidth >= 30 && cellHeight >= 14 }

  /// The figure in the grammar of Vega-Lite: cells below, their labels above.
  var specification: Value {
    let hasValue: Value = "isValid(datum.value)"
    let hasNone: Value = "!isValid(datum.value)"
    let ink: Value = ["condition": ["test": "datum.dark", "value": "white"], "value": "#333333"]
    // Small cells are many: a description each would make the drawing five times as large.
    let cell: Value = isLabelled ? ["type": "rect"] : ["type": "rect", "aria": false]
    var layers = [
      isLabelled ? layer(["type": "rect", "color": grey], where: hasNone, [:]) : ground
    ]
    if isLabelled {
      layers.append(
        layer(["type": "text", "text": "–", "color": "#333333"], where: hasNone, [:]))
    }
    layers.append(layer(cell, where: hasValue, ["color": colour]))
    if isLabelled {
      layers.append(
        layer(
          ["type": "text", "fontSize": 9], where: hasValue,
          ["color": ink, "text": ["field": "value", "format": ".3~g", "type": "quantitative"]]))
    }
    return VegaLite.specification(
      of: figure, isLabelled ? ["values": .list(data)] : compactData,
      panels: grids.compactMap(\.panel).map(Value.string), width: width, height: height,
      layers: layers)
  }

  /// A row for each pair of values; `value` is absent where it is missing, `dark` tells whether the
  /// cell's colour is.
  private var data: [Value] {
    grids.flatMap { grid in
      grid.entries.map { x, y, value in
        var entries: [String: Value] = ["x": .string(x), "y": .string(y)]
        if let value {
          entries["value"] = .number(value)
          entries["dark"] = .bool(place(of: value) > 0.55)
        }
        if let panel = grid.panel { entries["panel"] = .string(panel) }
        return .map(entries)
      }
    }
  }

  private let grey: Value = "#e6e6e6"

  /// What is seen where small cells are missing: one rectangle, not one for each of them.
  private var ground: Value {
    [
      "data": ["values": [[:]]], "mark": ["type": "rect", "color": grey, "aria": false],
      "encoding": [
        "x": ["value": 0], "x2": ["value": "width"], "y": ["value": 0], "y2": ["value": "height"],
      ],
    ]
  }

  /// The rows with a value as CSV, a fifth as long; three digits tell more than a colour does.
  private var compactData: Value {
    var table = Table(columns: ["x", "y", "value"] + (figure.panels == nil ? [] : ["panel"]))
    for grid in grids {
      for (x, y, value) in grid.entries {
        guard let text = value.flatMap({ Decimal.text(HeatMap.rounded($0)) }) else { continue }
        table.append([x, y, text] + [grid.panel].compactMap(\.self))
      }
    }
    let types: Value = ["x": "string", "y": "string", "value": "number", "panel": "string"]
    return ["values": .string(table.csv), "format": ["type": "csv", "parse": types]]
  }

  /// The nearest number of three significant digits.
  static func rounded(_ value: Double) -> Double {
    guard value != 0, value.isFinite else { return value }
    var (tens, fraction) = (1.0, 1.0)
    while abs(value) / tens >= 1000 { tens *= 10 }
    while abs(value) * fraction < 100, fraction < 1e22 { fraction *= 10 }
    guard fraction < 1e22 else { return value }
    return (value / tens * fraction).rounded() / fraction * tens
  }

  private func layer(
    _ mark: Value, where condition: Value, _ encoding: [String: Value]
  ) -> Value {
    let x = axis("x", figure.horizontalTitle ?? figure.abscissa.name, columns)
    // Names read downwards, numbers grow upwards.
    let order = grids.first?.hasNames.rows == true ? rows : rows.reversed()
    let y = axis("y", figure.verticalTitle ?? figure.ordinate ?? "", order)
    return [
      "mark": mark, "transform": [["filter": condition]],
      "encoding": .map(encoding.merging(["x": x, "y": y]) { $1 }),
    ]
  }

  private func axis(_ field: String, _ title: String, _ order: [String]) -> Value {
    var axis: [String: Value] = [
      "labelAngle": 0, "grid": false, "ticks": false, "domain": false,
    ]
    if !isLabelled { axis["labelOverlap"] = "parity" }
    if !isLabelled, field == "x", grids.first?.hasNames.columns == true { axis["labelAngle"] = -90 }
    return [
      "field": .string(field), "type": "ordinal", "title": .string(title), "axis": .map(axis),
      "scale": [
        "domain": .list(order.map(Value.string)), "paddingInner": isLabelled ? 0.04 : 0,
      ],
    ]
  }

  private var colour: Value {
    [
      "field": "value", "type": "quantitative",
      "scale": [
        "type": .string(figure.colourScale.rawValue), "scheme": "blues",
        "domain": [.number(domain.least), .number(domain.most)],
      ],
      "legend": [
        "title": .string(figure.colourTitle ?? colourTitle), "orient": "bottom",
        "titleOrient": "top", "titleLimit": 0, "format": ".2~g",
        "gradientLength": .integer(max(120, width)),
        "gradientThickness": 8,
      ],
    ]
  }

  private var colourTitle: String {
    let metric = figure.metrics[0]
    guard figure.places != nil, figure.statistic == nil else {
      return "\((figure.statistic ?? .mean).rawValue) of \(metric)"
    }
    return figure.seed.map { "\(metric), seed \($0)" } ?? metric
  }

  /// From the least to the greatest value; shares from 0 to 1.
  private static func domain(
    _ least: Double, _ most: Double, _ figure: Figure
  ) -> (least: Double, most: Double) {
    if figure.statistic == .share { return (0, 1) }
    guard least == most else { return (least, most) }
    return figure.colourScale == .log ? (least / 2, most * 2) : (least - 1, most + 1)
  }

  /// Where a value is between the lightest colour, 0, and the darkest, 1.
  private func place(of value: Double) -> Double {
    guard figure.colourScale == .log else {
      return (value - domain.least) / (domain.most - domain.least)
    }
    return Kernels.log(value / domain.least) / Kernels.log(domain.most / domain.least)
  }
}

extension Value {
  fileprivate func merging(_ other: [String: Value]) -> Value {
    .map((map ?? [:]).merging(other) { $1 })
  }
}
