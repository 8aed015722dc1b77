import Canonical
import Manifests

/// The points of a figure: a row has `x`, `y`, the ends of the band (`low`, `high`), and `group`,
/// which tells one line from another.
struct FigureData {
  private let figure: Figure
  private(set) var rows: [Value] = []
  /// Whether there is more than one line.
  var hasGroups: Bool { !figure.by.isEmpty || figure.metrics.count > 1 }

  init(_ figure: Figure, _ series: ExperimentSeries) {
    self.figure = figure
    for cell in series.cells where figure.holds(cell) {
      for metric in figure.metrics {
        switch figure.abscissa {
        case .iteration: appendSeries(of: metric, cell)
        case .swept(let path):
          let x = cell.swept.first { $0.path == path }?.value.double
          append(x, cell.finals(metric), group(metric, cell))
        case .metric(let other):
          for (x, y) in zip(cell.finals(other), cell.finals(metric)) {
            append(x, [y], group(metric, cell))
          }
        }
      }
    }
  }

  /// The distinct values of x, for the ticks of a swept parameter.
  var positions: [Value] {
    Set(rows.compactMap { $0["x"]?.double }).sorted().map(Value.number)
  }

  private mutating func appendSeries(of metric: String, _ cell: ExperimentSeries.Cell) {
    for (record, iteration) in cell.iterations.enumerated() {
      append(
        Double(iteration), cell.values(metric, at: record), group(metric, cell))
    }
  }

  /// Adds the point of the values of some seeds; none where a logarithmic axis cannot show it.
  private mutating func append(_ x: Double?, _ samples: [Double?], _ group: String) {
    let values = samples.compactMap(\.self)
    let centre = figure.statistic ?? (figure.band == .quantiles ? .median : .mean)
    guard let x, let y = centre(values) else { return }
    if figure.horizontalScale == .log && x <= 0 || figure.verticalScale == .log && y <= 0 { return }
    var row: [String: Value] = ["x": .number(x), "y": .number(y)]
    if let (low, high) = band(values, y), figure.verticalScale == .linear || low > 0 {
      row["low"] = .number(low)
      row["high"] = .number(high)
    }
    if hasGroups { row["group"] = .string(group) }
    rows.append(.map(row))
  }

  private func band(_ values: [Double], _ centre: Double) -> (Double, Double)? {
    switch figure.band {
    case .none: return nil
    case .std: return Claim.Statistic.std(values).map { (centre - $0, centre + $0) }
    case .quantiles:
      guard let low = Claim.Statistic.q05(values), let high = Claim.Statistic.q95(values) else {
        return nil
      }
      return (low, high)
    }
  }

  /// The text of the legend for one line.
  private func group(_ metric: String, _ cell: ExperimentSeries.Cell) -> String {
    let parts = figure.by.compactMap { path in
      cell.swept.first { $0.path == path }.map { swept in
        let value = Table.cell(swept.value)
        return figure.by.count == 1 ? value : "\(path.split(separator: ".").last!) \(value)"
      }
    }
    return (figure.metrics.count > 1 ? [metric] + parts : parts).joined(separator: ", ")
  }

}

extension Figure {
  /// Whether a cell is one of those that are drawn.
  func holds(_ cell: ExperimentSeries.Cell) -> Bool {
    cells.allSatisfy { condition in
      cell.swept.contains { $0.path == condition.path && $0.value == condition.value }
    }
  }
}
