import Canonical
import Storage

extension Verdict.Difference {
  /// Finds where results part from the accepted ones.
  init(
    _ results: ExperimentResults, _ folder: ResultsFolder, _ digests: DigestList,
    _ recorded: [String: Digest], _ now: [String: Digest]
  ) throws(StoreError) {
    files = Set(recorded.keys).union(now.keys).sorted().filter { recorded[$0] != now[$0] }
    let versions = digests.versions[results.experiment] ?? [:]
    for kind in Set(versions.keys).union(results.versions.keys).sorted()
    where versions[kind] != results.versions[kind] {
      self.versions.append((kind, versions[kind], results.versions[kind]))
    }
    for name in [ExperimentResults.lockName, "runs.csv"] {
      let file = "\(results.experiment)/\(name)"
      guard recorded[file] != now[file] else { continue }
      guard let before = try folder.accepted(file, digests).flatMap(Table.init(bytes:)),
        let after = results.files[name].flatMap(Table.init(bytes:))
      else {
        lost.append(file)
        continue
      }
      if name == ExperimentResults.lockName {
        compare(lock: before, after)
      } else {
        numbers = TableDifference(before, after).largest
      }
    }
  }

  /// The first row in which a stage's digest differs, and in it the first stage.
  private mutating func compare(lock before: Table, _ after: Table) {
    let difference = TableDifference(before, after)
    runs = (Set(difference.changes.map(\.row)).count, max(before.rows.count, after.rows.count))
    first = difference.changes.first.map { ($0.column, $0.row) }
  }
}

extension Table {
  /// Reads the bytes of a CSV document.
  package init?(bytes: [UInt8]) { self.init(csv: String(decoding: bytes, as: UTF8.self)) }
}

/// Which cells of two tables with the same columns differ.
///
/// Rows are matched by what identifies them: all columns up to `seed`, or up to the statistic or
/// the iteration; in the order of the second table.
package struct TableDifference: Sendable {
  package private(set) var changes: [Verdict.NumberChange] = []
  /// Rows that only one of the tables has.
  package private(set) var unmatched: [String] = []

  private static let lastKeys = ["seed", "iteration", "statistic"]

  package init(_ before: Table, _ after: Table) {
    let keys = (after.columns.lastIndex { TableDifference.lastKeys.contains($0) } ?? -1) + 1
    var rows: [[String]: [String]] = [:]
    for row in before.rows { rows[Array(row.prefix(keys))] = row }
    for row in after.rows {
      let name = zip(after.columns, row).prefix(keys).map { "\($0)=\($1)" }.joined(separator: ",")
      guard let old = rows.removeValue(forKey: Array(row.prefix(keys))) else {
        unmatched.append(name)
        continue
      }
      for (column, cell) in zip(after.columns, row).dropFirst(keys) {
        let recorded = before.index(of: column).map { old[$0] } ?? ""
        if recorded != cell { changes.append(TableDifference.change(column, name, recorded, cell)) }
      }
    }
    unmatched += rows.keys.map { $0.joined(separator: ",") }.sorted()
  }

  private static func change(
    _ column: String, _ row: String, _ recorded: String, _ now: String
  ) -> Verdict.NumberChange {
    let distance = Double(recorded).flatMap { old in Double(now).map { abs($0 - old) } }
    return Verdict.NumberChange(
      column: column, row: row, recorded: recorded, now: now, distance: distance)
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
