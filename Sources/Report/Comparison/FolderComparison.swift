import Canonical
import Glibc
import Storage

/// How two folders of results differ, or the folders of two experiments.
///
/// Tables are compared by columns, rows and cells, claims and manifests by their entries, and what
/// else is recorded (figures, graphs) by its bytes. Drawings follow from what is compared; times and
/// hosts (``Timings``, ``Provenance``) differ by nature.
package struct FolderComparison {
  /// What a folder holds.
  private enum Content {
    /// The files of one experiment.
    case experiment
    /// A folder for each of these experiments.
    case experiments([String])
  }

  private let first: String
  private let second: String
  /// What differs, a line each for people; empty where nothing does.
  package private(set) var lines: [String] = []

  /// - Throws: `FormatError` where the folders hold no results, or not the same kind of them.
  package init(_ first: String, _ second: String) throws {
    (self.first, self.second) = (first, second)
    switch (try FolderComparison.content(of: first), try FolderComparison.content(of: second)) {
    case (.experiment, .experiment): try compareFiles(in: "")
    case (.experiments(let before), .experiments(let after)):
      for name in Set(before).union(after).sorted() {
        if isInBoth(name, before, after) { try compareFiles(in: "\(name)/") }
      }
    case (.experiment, .experiments), (.experiments, .experiment):
      throw FormatError(
        "of '\(first)' and '\(second)' one is the folder of an experiment, the other a folder of "
          + "such: give two of a kind")
    }
  }

  /// The files by which a folder is known to be that of an experiment.
  private static let known = [
    "runs.csv", "summary.csv", "series.csv", ExperimentResults.lockName,
    ExperimentResults.claimsName,
  ]

  private static func content(of folder: String) throws -> Content {
    func isExperiment(_ folder: String) -> Bool {
      known.contains { access("\(folder)/\($0)", F_OK) == 0 }
    }
    if isExperiment(folder) { return .experiment }
    let names = try File.names(in: folder).filter {
      !$0.hasPrefix(".") && isExperiment("\(folder)/\($0)")
    }
    guard !names.isEmpty else {
      throw FormatError(
        "the folder '\(folder)' holds no results: give one such as results/, with a folder for "
          + "each experiment, or one of these, with \(known.joined(separator: ", "))")
    }
    return .experiments(names)
  }

  /// Whether both have it; otherwise a line says which one has.
  private mutating func isInBoth(_ name: String, _ before: [String], _ after: [String]) -> Bool {
    let (here, there) = (before.contains(name), after.contains(name))
    if !(here && there) { lines.append("\(name): only in \(here ? first : second)") }
    return here && there
  }

  private static func isCompared(_ name: String) -> Bool {
    [".csv", ".json", ".dot"].contains(where: name.hasSuffix)
      && ![Timings.name, Provenance.name].contains(name)
  }

  /// - Parameter place: Where the experiment's files lie in both folders, with its `/`.
  private mutating func compareFiles(in place: String) throws {
    func names(_ folder: String) throws -> [String] {
      try File.names(in: "\(folder)/\(place)").filter(FolderComparison.isCompared)
    }
    let before = try names(first).map { place + $0 }
    let after = try names(second).map { place + $0 }
    for name in Set(before).union(after).sorted() where isInBoth(name, before, after) {
      let old = try File.contents(of: "\(first)/\(name)") ?? []
      let new = try File.contents(of: "\(second)/\(name)") ?? []
      guard old != new else { continue }
      let found = FolderComparison.differences(name, old, new, first, second)
      lines += found.map { "\(name): \($0)" }
      if found.isEmpty { lines.append("\(name): the bytes differ, what they say does not") }
    }
  }

  /// What to say of a file whose bytes differ; nothing where they mean the same.
  private static func differences(
    _ name: String, _ old: [UInt8], _ new: [UInt8], _ first: String, _ second: String
  ) -> [String] {
    if name.hasSuffix(".csv"), let old = Table(bytes: old), let new = Table(bytes: new) {
      let isLock = name.hasSuffix(ExperimentResults.lockName)
      return TableDifference(old, new).lines(first, second, isOfNumbers: !isLock)
    }
    let isRead = [ExperimentResults.claimsName, ExperimentResults.manifestName]
      .contains(where: name.hasSuffix)
    if isRead, let old = Value(json: old), let new = Value(json: new) {
      let path = name.hasSuffix(ExperimentResults.claimsName) ? "claims" : ""
      return Verdict.Change.list(from: old, to: new, at: path).map(\.description)
    }
    return ["differs"]
  }
}

extension TableDifference {
  /// What differs, a line each: columns and rows of one table alone, then each column's cells.
  fileprivate func lines(_ first: String, _ second: String, isOfNumbers: Bool) -> [String] {
    var lines = formerColumns.map { "the column \($0) is only in \(first)" }
    lines += newColumns.map { "the column \($0) is only in \(second)" }
    for (rows, folder) in [(formerRows, first), (newRows, second)] where !rows.isEmpty {
      lines.append("rows only in \(folder): \(rows.count), such as \(rows[0])")
    }
    let known = Set(formerColumns + newColumns)
    for change in largest where !known.contains(change.column) {
      let count = changes.count { $0.column == change.column }
      let shown = isOfNumbers ? change : changes.first { $0.column == change.column }!
      let place = count == 1 ? "at" : "in \(count) rows, \(isOfNumbers ? "most" : "first") at"
      lines.append(
        "\(change.column) differs \(place) \(shown.row): "
          + (isOfNumbers ? shown.description : "\(shown.recorded) -> \(shown.now)"))
    }
    return lines
  }
}

extension Verdict.NumberChange: CustomStringConvertible {
  /// `0.5 -> missing`, or `1 -> 1.25 (by 0.25)`.
  package var description: String {
    func known(_ cell: String) -> String { cell.isEmpty ? "missing" : cell }
    return "\(known(recorded)) -> \(known(now))"
      + (distance.flatMap(Decimal.text).map { " (by \($0))" } ?? "")
  }
}
