import Canonical

extension Table {
  /// Reads the bytes of a CSV document.
  package init?(bytes: [UInt8]) { self.init(csv: String(decoding: bytes, as: UTF8.self)) }
}

/// Which cells, rows and columns of two tables differ.
///
/// Rows are matched by what identifies them: all columns up to `seed`, or up to the statistic or
/// the iteration; in the order of the second table. A column that only one table has counts as
/// missing in the other.
package struct TableDifference: Sendable {
  package private(set) var changes: [Verdict.NumberChange] = []
  /// Rows that only the first table has, sorted.
  package private(set) var formerRows: [String] = []
  /// Rows that only the second table has.
  package private(set) var newRows: [String] = []
  /// Columns that only the first table has.
  package let formerColumns: [String]
  /// Columns that only the second table has.
  package let newColumns: [String]

  private static let lastKeys = ["seed", "iteration", "statistic"]

  package init(_ before: Table, _ after: Table) {
    formerColumns = before.columns.filter { after.index(of: $0) == nil }
    newColumns = after.columns.filter { before.index(of: $0) == nil }
    let keys = TableDifference.keys(of: after)
    let columns = (after.columns.dropFirst(keys) + formerColumns).map { column in
      (name: column, before: before.index(of: column), after: after.index(of: column))
    }
    var rows: [String: [String]] = [:]
    for row in before.rows { rows[TableDifference.name(of: row, in: before)] = row }
    for row in after.rows {
      let name = TableDifference.name(of: row, in: after)
      guard let old = rows.removeValue(forKey: name) else {
        newRows.append(name)
        continue
      }
      for column in columns {
        let recorded = column.before.map { old[$0] } ?? ""
        let now = column.after.map { row[$0] } ?? ""
        if recorded != now {
          changes.append(
            Verdict.NumberChange(column: column.name, row: name, recorded: recorded, now: now))
        }
      }
    }
    formerRows = rows.keys.sorted()
  }

  /// How many columns, the first ones, identify a row.
  private static func keys(of table: Table) -> Int {
    (table.columns.lastIndex { lastKeys.contains($0) } ?? -1) + 1
  }

  private static func name(of row: [String], in table: Table) -> String {
    zip(table.columns, row).prefix(keys(of: table)).map { "\($0)=\($1)" }.joined(separator: ",")
  }

  /// The largest change of each column, in the order of the columns' names.
  package var largest: [Verdict.NumberChange] {
    var largest: [String: Verdict.NumberChange] = [:]
    for change in changes {
      if let known = largest[change.column],
        known.distance ?? .infinity >= change.distance ?? .infinity
      {
        continue
      }
      largest[change.column] = change
    }
    return largest.values.sorted { $0.column < $1.column }
  }
}
