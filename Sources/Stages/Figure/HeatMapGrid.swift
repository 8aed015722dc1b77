import Canonical
import Manifests

/// The cells of one panel of a heat map.
struct HeatMapGrid {
  let panel: String?
  let columns: [String]
  let rows: [String]
  /// Whether columns and rows have names rather than numbers.
  var hasNames = (columns: false, rows: false)
  /// Row-major; nil where missing, or where a logarithmic scale cannot show it.
  let values: [Double?]

  /// The cells with their labels, row by row.
  var entries: [(x: String, y: String, value: Double?)] {
    rows.enumerated().flatMap { row, y in
      columns.enumerated().map { column, x in (x, y, values[row * columns.count + column]) }
    }
  }

  /// The panels of a figure, from the cells that it draws.
  static func grids(of figure: Figure, _ cells: [ExperimentSeries.Cell]) -> [HeatMapGrid] {
    var panels: [String?] = []
    for cell in cells where !panels.contains(figure.panel(of: cell)) {
      panels.append(figure.panel(of: cell))
    }
    return panels.flatMap { panel in
      let members = cells.filter { figure.panel(of: $0) == panel }
      return figure.places == nil
        ? [HeatMapGrid(swept: figure, panel, members, all: cells)]
        : members.first.map { HeatMapGrid.indexed(figure, panel, $0) } ?? []
    }
  }

  private init(
    _ panel: String?, _ figure: Figure, _ columns: [String], _ rows: [String],
    _ value: (_ column: Int, _ row: Int) -> Double?
  ) {
    (self.panel, self.columns, self.rows) = (panel, columns, rows)
    values = rows.indices.flatMap { row in
      columns.indices.map { column in
        value(column, row).flatMap { figure.colourScale == .linear || $0 > 0 ? $0 : nil }
      }
    }
  }

  /// A statistic of a metric over the seeds, for each pair of two swept parameters' values.
  private init(
    swept figure: Figure, _ panel: String?, _ cells: [ExperimentSeries.Cell],
    all: [ExperimentSeries.Cell]
  ) {
    let (across, up) = (figure.abscissa.name, figure.ordinate ?? "")
    let statistic = figure.statistic ?? .mean
    let columns = HeatMapGrid.labels(of: across, all)
    let rows = HeatMapGrid.labels(of: up, all)
    var values: [[String]: Double] = [:]
    for cell in cells {
      let finals = cell.finals(figure.metrics[0]).compactMap(\.self)
      values[[cell.label(of: across), cell.label(of: up)]] = statistic(finals)
    }
    self.init(panel, figure, columns, rows) { values[[columns[$0], rows[$1]]] }
  }

  /// The distinct values of a path: numbers in increasing order, others in the manifest's.
  private static func labels(of path: String, _ cells: [ExperimentSeries.Cell]) -> [String] {
    let distinct = cells.distinct { $0.label(of: path) }
    let numbers = distinct.compactMap { $0.value(of: path)?.double }
    guard numbers.count == distinct.count else { return distinct.map { $0.label(of: path) } }
    return zip(numbers, distinct).sorted { $0.0 < $1.0 }.map { $0.1.label(of: path) }
  }

  /// The most places that an axis shows; of more, as many as evenly apart as can be.
  private static let limit = 60

  /// A metric over two of its indices, of the one run that is drawn, or a statistic over all: a panel,
  /// or one for each place of the index that panels are of.
  private static func indexed(
    _ figure: Figure, _ panel: String?, _ cell: ExperimentSeries.Cell
  ) -> [HeatMapGrid] {
    guard let first = cell.arrays.first else { return [] }
    let (across, up) = (figure.abscissa.name, figure.ordinate ?? "")
    func places(_ axis: String) -> [Int] {
      let count = cell.arrays.map { $0.count(of: axis) }.max() ?? 0
      guard axis == "iteration", count > HeatMapGrid.limit else { return Array(0..<count) }
      return (0..<HeatMapGrid.limit).map { $0 * (count - 1) / (HeatMapGrid.limit - 1) }
    }
    let (columns, rows) = (places(across), places(up))
    let statistic = figure.statistic ?? .mean
    return first.places(of: figure).map { fixed in
      var grid = HeatMapGrid(
        panel ?? first.panel(at: fixed, of: figure), figure,
        columns.map { first.label($0, of: across) }, rows.map { first.label($0, of: up) }
      ) { column, row in
        let place = fixed.merging([across: columns[column], up: rows[row]]) { $1 }
        return statistic(cell.arrays.compactMap { $0.value(figure.metrics[0], at: place) })
      }
      grid.hasNames = (first.labels[across] != nil, first.labels[up] != nil)
      return grid
    }
  }
}

extension ExperimentSeries.Cell {
  fileprivate func value(of path: String) -> Value? { swept.first { $0.path == path }?.value }

  fileprivate func label(of path: String) -> String { value(of: path)?.words ?? "" }
}
