import Canonical
import Manifests
import Theory

/// A heat map: a cell for each pair of two swept parameters' values, coloured by a statistic of a
/// metric over the seeds and labelled with it; grey where it is missing.
struct HeatMap {
  /// In points: wide enough for `1.23e+4`.
  private static let cellWidth = 44

  private let figure: Figure
  private let columns: [String]
  private let rows: [String]
  /// What is shown at [column, row].
  private let values: [[String]: Double]

  init(_ figure: Figure, _ series: ExperimentSeries) {
    let drawn = series.cells.filter(figure.holds)
    let (across, up) = (figure.abscissa.name, figure.ordinate ?? "")
    let statistic = figure.statistic ?? .mean
    self.figure = figure
    columns = HeatMap.labels(of: across, drawn)
    rows = HeatMap.labels(of: up, drawn)
    var values: [[String]: Double] = [:]
    for cell in drawn {
      let finals = cell.finals(figure.metrics[0]).compactMap(\.self)
      values[[cell.label(of: across), cell.label(of: up)]] = statistic(finals)
    }
    self.values = values.filter { figure.colourScale == .linear || $0.value > 0 }
  }

  /// The distinct values of a path: numbers in increasing order, others in the manifest's.
  private static func labels(of path: String, _ cells: [ExperimentSeries.Cell]) -> [String] {
    var seen: Set<String> = []
    let distinct = cells.filter { seen.insert($0.label(of: path)).inserted }
    let numbers = distinct.compactMap { $0.value(of: path)?.double }
    guard numbers.count == distinct.count else { return distinct.map { $0.label(of: path) } }
    return zip(numbers, distinct).sorted { $0.0 < $1.0 }.map { $0.1.label(of: path) }
  }

  /// The figure in the grammar of Vega-Lite: cells below, their labels above.
  var specification: Value {
    let hasValue: Value = "isValid(datum.value)"
    let hasNone: Value = "!isValid(datum.value)"
    let ink: Value = ["condition": ["test": "datum.dark", "value": "white"], "value": "#333333"]
    return VegaLite.specification(
      titled: figure.title, data, width: HeatMap.cellWidth * columns.count, height: 24 * rows.count,
      layers: [
        layer(["type": "rect", "color": "#e6e6e6"], where: hasNone, [:]),
        layer(["type": "text", "text": "–", "color": "#333333"], where: hasNone, [:]),
        layer(["type": "rect"], where: hasValue, ["color": colour]),
        layer(
          ["type": "text", "fontSize": 9], where: hasValue,
          ["color": ink, "text": ["field": "value", "format": ".3~g", "type": "quantitative"]]),
      ])
  }

  /// A row for each pair of values; `value` is absent where it is missing, `dark` tells whether the
  /// cell's colour is.
  private var data: [Value] {
    rows.flatMap { row in
      columns.map { column in
        var entries: [String: Value] = ["x": .string(column), "y": .string(row)]
        if let value = values[[column, row]] {
          entries["value"] = .number(value)
          entries["dark"] = .bool(place(of: value) > 0.55)
        }
        return .map(entries)
      }
    }
  }

  private func layer(
    _ mark: Value, where condition: Value, _ encoding: [String: Value]
  ) -> Value {
    let x = axis("x", figure.horizontalTitle ?? figure.abscissa.name, columns)
    let y = axis("y", figure.verticalTitle ?? figure.ordinate ?? "", rows.reversed())
    return [
      "mark": mark, "transform": [["filter": condition]],
      "encoding": .map(encoding.merging(["x": x, "y": y]) { $1 }),
    ]
  }

  private func axis(_ field: String, _ title: String, _ order: [String]) -> Value {
    [
      "field": .string(field), "type": "ordinal", "title": .string(title),
      "axis": ["labelAngle": 0, "grid": false, "ticks": false, "domain": false],
      "scale": ["domain": .list(order.map(Value.string)), "paddingInner": 0.04],
    ]
  }

  private var colour: Value {
    let statistic = figure.statistic ?? .mean
    let title = figure.colourTitle ?? "\(statistic.rawValue) of \(figure.metrics[0])"
    return [
      "field": "value", "type": "quantitative",
      "scale": [
        "type": .string(figure.colourScale.rawValue), "scheme": "blues",
        "domain": .list(domain.map(Value.number)),
      ],
      "legend": [
        "title": .string(title), "orient": "bottom", "titleOrient": "top", "titleLimit": 0,
        "format": ".2~g",
        "gradientLength": .integer(max(120, HeatMap.cellWidth * columns.count)),
        "gradientThickness": 8,
      ],
    ]
  }

  /// The values of the lightest and of the darkest colour: shares from 0 to 1.
  private var domain: [Double] {
    if figure.statistic == .share { return [0, 1] }
    let (least, most) = (values.values.min() ?? 0, values.values.max() ?? 1)
    return least < most
      ? [least, most] : figure.colourScale == .log ? [least / 2, most * 2] : [least - 1, most + 1]
  }

  /// Where a value is between the lightest colour, 0, and the darkest, 1.
  private func place(of value: Double) -> Double {
    let ends = domain
    guard figure.colourScale == .log else { return (value - ends[0]) / (ends[1] - ends[0]) }
    return Kernels.log(value / ends[0]) / Kernels.log(ends[1] / ends[0])
  }
}

extension ExperimentSeries.Cell {
  fileprivate func value(of path: String) -> Value? { swept.first { $0.path == path }?.value }

  fileprivate func label(of path: String) -> String { value(of: path).map(Table.cell) ?? "" }
}
