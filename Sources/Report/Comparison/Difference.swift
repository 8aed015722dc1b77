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
