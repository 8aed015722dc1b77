import ArgumentParser
import Canonical
import Glibc
import Manifests
import Report
import Storage

/// `mechanics diff`
struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say how two folders of results, two runs or two manifests differ.",
    discussion: """
        mechanics diff results /elsewhere/results
        mechanics diff 'cyclic[seed=7]' 'cyclic[seed=8]'
        mechanics diff manifests/cyclic.yaml manifests/acyclic.yaml

      Ends with 3 where they differ.
      """)

  @Argument(help: "A folder of results, a run such as cyclic[seed=7], or a manifest.")
  var first: String

  @Argument(help: "What to compare it with, of the same kind.")
  var second: String

  @Option(help: "The folder of the results of runs.", completion: .directory)
  var results: String?

  func run() throws {
    let lines: [String]
    if isFolder(first), isFolder(second) {
      lines = try folders()
    } else if [first, second].allSatisfy({ $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }) {
      lines = try manifests()
    } else if [first, second].allSatisfy({ $0.hasSuffix("]") }) {
      lines = try runs()
    } else {
      throw UsageError(
        "'\(first)' and '\(second)' are not two folders, two manifests (.yaml) or two runs "
          + "such as cyclic[seed=7]")
    }
    for line in lines { Console.out(line + "\n") }
    if !lines.isEmpty { throw ExitCode(.differs) }
  }

  private func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private func manifests() throws -> [String] {
    func read(_ file: String) throws -> Value {
      guard let manifest = try ManifestOptions.parse([file]).read().first else {
        throw UsageError("no manifest '\(file)'")
      }
      var entries = manifest.value.map ?? [:]
      entries["defaults"] = nil
      return .map(entries)
    }
    return Verdict.Change.list(from: try read(first), to: try read(second)).map(\.description)
  }

  /// Each experiment that only one folder has, and each number and claim that is not the same.
  private func folders() throws -> [String] {
    func experiments(_ folder: String) throws -> Set<String> {
      Set(try File.names(in: folder).filter { access("\(folder)/\($0)/runs.csv", F_OK) == 0 })
    }
    let (here, there) = (try experiments(first), try experiments(second))
    return try here.union(there).sorted().flatMap { name -> [String] in
      guard here.contains(name), there.contains(name) else {
        return ["\(name): only in \(here.contains(name) ? first : second)"]
      }
      return try tables(of: name) + claims(of: name)
    }
  }

  private func tables(of experiment: String) throws -> [String] {
    func table(_ folder: String) throws -> Table {
      let file = "\(folder)/\(experiment)/runs.csv"
      guard let table = try File.contents(of: file).flatMap(Table.init(bytes:)) else {
        throw FormatError("\(file) is no table")
      }
      return table
    }
    let difference = TableDifference(try table(first), try table(second))
    var lines = difference.largest.map { change in
      let count = difference.changes.count { $0.column == change.column }
      return "\(experiment): \(change.column) differs in \(count) runs, most at \(change.row): "
        + "\(change.recorded.isEmpty ? "missing" : change.recorded) -> "
        + "\(change.now.isEmpty ? "missing" : change.now)"
        + (change.distance.flatMap(Decimal.text).map { " (by \($0))" } ?? "")
    }
    if !difference.unmatched.isEmpty {
      lines.append(
        "\(experiment): \(difference.unmatched.count) runs are only in one, such as "
          + difference.unmatched[0])
    }
    return lines
  }

  private func claims(of experiment: String) throws -> [String] {
    func claims(_ folder: String) throws -> Value {
      try File.contents(of: "\(folder)/\(experiment)/claims.json").flatMap { Value(json: $0) }
        ?? .list([])
    }
    return Verdict.Change.list(from: try claims(first), to: try claims(second), at: "claims")
      .map { "\(experiment): \($0)" }
  }

  /// The metrics in which two runs differ.
  private func runs() throws -> [String] {
    let folder = try Settings(results.map { [.results: $0] } ?? [:]).results.path
    func row(_ run: String) throws -> [(column: String, cell: String)] {
      let name = run.prefix { $0 != "[" }
      let file = "\(folder)/\(name)/runs.csv"
      guard let table = try File.contents(of: file).flatMap(Table.init(bytes:)) else {
        throw UsageError("no results of \(name) in '\(folder)'")
      }
      let conditions = run.dropFirst(name.count + 1).dropLast().split(separator: ",")
      let found = try TableSelection(table, file).rows(where: conditions.map(String.init)).table
      guard found.rows.count == 1 else {
        let swept = found.columns.prefix { $0 != "seed" }.map { "\($0)=…" } + ["seed=…"]
        throw UsageError(
          "'\(run)' names \(found.rows.count) runs, not one; runs of it are named "
            + "\(name)[\(swept.joined(separator: ","))]")
      }
      return Array(zip(found.columns, found.rows[0]))
    }
    let (left, right) = (try row(first), try row(second))
    return left.compactMap { column, cell in
      guard let other = right.first(where: { $0.column == column })?.cell, other != cell else {
        return nil
      }
      let distance = Double(cell).flatMap { old in Double(other).map { $0 - old } }
      let by = distance.flatMap(Decimal.text).map { " (by \($0))" } ?? ""
      return "\(column): \(cell.isEmpty ? "missing" : cell) -> \(other.isEmpty ? "missing" : other)"
        + by
    }
  }
}
