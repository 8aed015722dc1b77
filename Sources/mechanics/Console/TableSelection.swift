import Canonical
import Manifests
import Stages

/// Rows and columns of a table, or statistics of its rows.
struct TableSelection {
  private(set) var table: Table
  /// The table's file, as errors name it.
  private let file: String

  init(_ table: Table, _ file: String) { (self.table, self.file) = (table, file) }

  /// The place of a column, by its name or by the last part of it.
  private func index(_ name: String) throws -> Int {
    if let index = Requirement.index(of: name, among: table.columns) { return index }
    if let near = Requirement.nearest(to: name, among: table.columns) {
      throw UsageError("\(file) has no column '\(name)' (did you mean '\(near)'?)")
    }
    throw UsageError(
      "\(file) has no column '\(name)'; it has \(table.columns.joined(separator: ", "))")
  }

  /// The place of a column to group by: a swept parameter comes before a metric of the same name.
  private func key(_ name: String) throws -> Int {
    let swept = Array(table.columns.prefix { $0 != "seed" })
    return try Requirement.index(of: name, among: swept) ?? index(name)
  }

  /// The rows that satisfy all conditions, such as `seed=7` or `correlation<0.95`.
  func rows(where conditions: [String]) throws -> TableSelection {
    let tests = try conditions.flatMap { try Requirement.list($0) }.map { (try index($0.name), $0) }
    var selected = Table(columns: table.columns)
    for row in table.rows where tests.allSatisfy({ $1.holds(forCell: row[$0]) }) {
      selected.append(row)
    }
    return TableSelection(selected, file)
  }

  /// These columns; all where none is named.
  func columns(_ names: [String]) throws -> TableSelection {
    guard !names.isEmpty else { return self }
    let places = try names.map(index)
    var selected = Table(columns: places.map { table.columns[$0] })
    for row in table.rows { selected.append(places.map { row[$0] }) }
    return TableSelection(selected, file)
  }

  /// Statistics of columns, and how many values they are of, for each combination of values of
  /// `groups`, in the order of the rows.
  func statistics(
    _ statistics: [Claim.Statistic], _ names: [String], _ groups: [String]
  ) throws -> TableSelection {
    let keys = try groups.map(key)
    let columns = try names.isEmpty ? numbers(without: keys) : names.map(index)
    var order: [[String]] = []
    var members: [[String]: [[String]]] = [:]
    for row in table.rows {
      let key = keys.map { row[$0] }
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(row)
    }
    var result = Table(
      columns: keys.map { table.columns[$0] } + ["rows"]
        + columns.flatMap { column in
          statistics.map { "\(table.columns[column]).\($0.rawValue)" }
        })
    for key in order {
      let rows = members[key]!
      result.append(
        key + [String(rows.count)]
          + columns.flatMap { column in
            let values = rows.compactMap { Double($0[column]) }
            return statistics.map { Table.cell($0(values)) }
          })
    }
    return TableSelection(result, file)
  }

  /// The columns whose cells are numbers or missing, but seeds.
  private func numbers(without keys: [Int]) -> [Int] {
    table.columns.indices.filter { column in
      !keys.contains(column) && table.columns[column] != "seed"
        && table.rows.allSatisfy { $0[column].isEmpty || Double($0[column]) != nil }
    }
  }
}

extension Table {
  /// The claims of an experiment as they were judged, a row each.
  init?(claims bytes: [UInt8]) {
    guard let claims = Value(json: bytes)?.list else { return nil }
    self.init(columns: [
      "status", "says", "metric", "statistic", "at", "where", "threshold", "measured", "count",
    ])
    for claim in claims {
      append(
        columns.map { column in
          switch claim[column] {
          case nil: ""
          case .map(let entries) where column == "where": Table.cell(entries)
          case .some(let value): Table.cell(value)
          }
        })
    }
  }
}
