import Canonical
import Storage

/// How an experiment's results compare with those that were accepted.
package enum Verdict: Sendable {
  case equal
  /// Nothing was accepted of it.
  case notRecorded
  /// The manifest asks for something else than when its results were accepted.
  case manifestChanged([Change])
  /// The numbers are others, though the manifest is the same.
  case differs(Difference)

  /// A value of a document that is not what it was; nil where there was or is none.
  package struct Change: Hashable, Sendable, CustomStringConvertible {
    package let path: String
    package let recorded: Value?
    package let now: Value?

    package var description: String {
      "\(path): \(Change.short(recorded)) -> \(Change.short(now))"
    }

    /// A value on a part of a line: of a long one its start.
    private static func short(_ value: Value?) -> String {
      guard let text = value?.json() else { return "none" }
      return text.count > 48 ? text.prefix(45) + "…" : text
    }
  }

  /// Where and by how much results part.
  package struct Difference: Sendable {
    /// The files whose bytes differ.
    package var files: [String] = []
    /// Kinds of stages whose version was changed: name, recorded version, version now.
    package var versions: [(kind: String, recorded: Int?, now: Int?)] = []
    /// The first stage at which a run parts: kind and the row's cells, such as `seed=7`.
    package var first: (kind: String, run: String)?
    /// Of how many runs some stage parts, of how many runs in all.
    package var runs: (parting: Int, all: Int)?
    /// The largest differences between numbers of `runs.csv`, a metric each.
    package var numbers: [NumberChange] = []
    /// The tables by which to tell are no longer what was accepted.
    package var lost: [String] = []
  }

  /// A number of a table that is not what it was.
  package struct NumberChange: Hashable, Sendable {
    package let column: String
    package let row: String
    package let recorded: String
    package let now: String
    /// |now − recorded|; nil where one of them is missing.
    package let distance: Double?

    package init(column: String, row: String, recorded: String, now: String) {
      (self.column, self.row, self.recorded, self.now) = (column, row, recorded, now)
      distance = Double(recorded).flatMap { old in Double(now).map { abs($0 - old) } }
    }
  }

  package var isEqual: Bool {
    if case .equal = self { true } else { false }
  }
}

extension Verdict {
  /// Compares results with what was accepted in `folder`.
  package init(_ results: ExperimentResults, _ folder: ResultsFolder) throws(StoreError) {
    let digests = try folder.digests()
    guard digests.manifests[results.experiment] != nil else {
      self = .notRecorded
      return
    }
    let prefix = "\(results.experiment)/"
    let recorded = digests.files.filter { $0.key.hasPrefix(prefix) }
    let now = Dictionary(
      uniqueKeysWithValues: results.files.map { (prefix + $0.key, Digest(of: $0.value)) })
    if recorded == now {
      self = .equal
      return
    }
    let manifest = prefix + ExperimentResults.manifestName
    if recorded[manifest] != now[manifest]
      || digests.manifests[results.experiment] != results.manifestDigest
    {
      let before = try folder.accepted(manifest, digests).flatMap { Value(json: $0) }
      let after = Value(json: results.files[ExperimentResults.manifestName]!)
      self = .manifestChanged(Change.list(from: before ?? .null, to: after ?? .null))
      return
    }
    self = .differs(try Difference(results, folder, digests, recorded, now))
  }
}

extension Verdict.Change {
  /// The changed values of a document, by path. Entries of lists that have a name, such as figures,
  /// or say something, as claims do, are matched by it.
  package static func list(
    from recorded: Value, to now: Value, at path: String = ""
  ) -> [Verdict.Change] {
    switch (recorded, now) {
    case (.map(let before), .map(let after)):
      return Set(before.keys).union(after.keys).sorted().flatMap { key in
        list(
          from: before[key] ?? .null, to: after[key] ?? .null,
          at: path.isEmpty ? key : "\(path).\(key)")
      }
    case (.list(let before), .list(let after))
    where (before + after).allSatisfy { label($0) != nil } && !(before + after).isEmpty:
      return matched(before, after, at: path)
    case (.list(let before), .list(let after))
    where before.count == after.count && before.contains { $0.map != nil }:
      return before.indices.flatMap {
        list(from: before[$0], to: after[$0], at: "\(path)[\($0)]")
      }
    case _ where recorded == now: return []
    default:
      func known(_ value: Value) -> Value? { value == .null ? nil : value }
      return [Verdict.Change(path: path, recorded: known(recorded), now: known(now))]
    }
  }

  private static func label(_ value: Value) -> String? {
    value["name"]?.string ?? value["says"]?.string
  }

  /// The changes of two lists whose entries have labels: of common ones inside, of others the whole.
  private static func matched(
    _ before: [Value], _ after: [Value], at path: String
  ) -> [Verdict.Change] {
    var changes: [Verdict.Change] = []
    for now in after {
      let place = "\(path)[\(label(now)!)]"
      if let old = before.first(where: { label($0) == label(now) }) {
        changes += list(from: old, to: now, at: place)
      } else {
        changes.append(Verdict.Change(path: place, recorded: nil, now: now))
      }
    }
    for old in before where !after.contains(where: { label($0) == label(old) }) {
      changes.append(
        Verdict.Change(path: "\(path)[\(label(old)!)]", recorded: old, now: nil))
    }
    return changes
  }
}
