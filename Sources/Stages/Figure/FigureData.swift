import Canonical
import Manifests

/// The points of a figure: a row has `x`, `y`, the ends of the band, and what tells lines apart.
struct FigureData {
  /// The field that tells one line from another; nil for a single line.
  private(set) var group: String?
  private(set) var rows: [Value] = []

  /// Mean and standard deviation at every iteration.
  init(_ figure: Figure, series: Table) {
    self.init(figure)
    for row in series.rows where FigureData.holds(figure, row, series) {
      for metric in figure.metrics {
        let mean = FigureData.number(series, row, "\(metric).mean")
        let deviation = FigureData.number(series, row, "\(metric).std")
        let x = FigureData.number(series, row, "iteration")
        append(figure, x, mean, band(figure, mean, deviation), label(figure, metric, row, series))
      }
    }
  }

  /// Statistics of the final values over a swept parameter.
  init(_ figure: Figure, _ path: String, summary: Table) {
    self.init(figure)
    let centre = figure.band == .quantiles ? "median" : "mean"
    for row in summary.rows where FigureData.holds(figure, row, summary) {
      guard let metric = FigureData.text(summary, row, "metric"), figure.metrics.contains(metric),
        FigureData.text(summary, row, "statistic") == centre
      else { continue }
      func statistic(_ name: String) -> Double? {
        let other = summary.rows.first { candidate in
          summary.columns.indices.allSatisfy { column in
            switch summary.columns[column] {
            case "statistic": candidate[column] == name
            case "value", "count": true
            default: candidate[column] == row[column]
            }
          }
        }
        return other.flatMap { FigureData.number(summary, $0, "value") }
      }
      let y = FigureData.number(summary, row, "value")
      let ends =
        figure.band == .quantiles
        ? (statistic("q05"), statistic("q95")) : band(figure, y, statistic("std"))
      append(
        figure, FigureData.number(summary, row, path), y, ends,
        label(figure, metric, row, summary))
    }
  }

  /// Final values, a point a run.
  init(_ figure: Figure, _ metric: String, runs: Table) {
    self.init(figure)
    for row in runs.rows where FigureData.holds(figure, row, runs) {
      for y in figure.metrics {
        append(
          figure, FigureData.number(runs, row, metric), FigureData.number(runs, row, y), (nil, nil),
          label(figure, y, row, runs))
      }
    }
  }

  private init(_ figure: Figure) {
    if !figure.by.isEmpty || figure.metrics.count > 1 { group = "group" }
  }

  private mutating func append(
    _ figure: Figure, _ x: Double?, _ y: Double?, _ ends: (Double?, Double?), _ label: String
  ) {
    guard let x, let y else { return }
    if figure.horizontalScale == .log && x <= 0 || figure.verticalScale == .log && y <= 0 { return }
    var row: [String: Value] = ["x": .number(x), "y": .number(y)]
    if let low = ends.0, let high = ends.1, figure.verticalScale == .linear || low > 0 {
      row["low"] = .number(low)
      row["high"] = .number(high)
    }
    if let group { row[group] = .string(label) }
    rows.append(.map(row))
  }

  private func band(
    _ figure: Figure, _ mean: Double?, _ deviation: Double?
  ) -> (Double?, Double?) {
    guard figure.band == .std, let mean, let deviation else { return (nil, nil) }
    return (mean - deviation, mean + deviation)
  }

  /// The text of the legend for one line.
  private func label(_ figure: Figure, _ metric: String, _ row: [String], _ table: Table) -> String {
    let parts = figure.by.compactMap { path in
      FigureData.text(table, row, path).map { value in
        figure.by.count == 1 ? value : "\(path.split(separator: ".").last ?? "") \(value)"
      }
    }
    return (figure.metrics.count > 1 ? [metric] + parts : parts).joined(separator: ", ")
  }

  private static func text(_ table: Table, _ row: [String], _ column: String) -> String? {
    table.index(of: column).map { row[$0] }
  }

  private static func number(_ table: Table, _ row: [String], _ column: String) -> Double? {
    text(table, row, column).flatMap(Double.init)
  }

  private static func holds(_ figure: Figure, _ row: [String], _ table: Table) -> Bool {
    figure.cells.allSatisfy { text(table, row, $0.path) == Table.cell($0.value) }
  }
}
