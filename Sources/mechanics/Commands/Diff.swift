import ArgumentParser
import Canonical
import Glibc
import Manifests
import Pipeline
import Report
import Storage

/// `mechanics diff`
struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say how two folders of results, two runs or two manifests differ.",
    discussion: """
        mechanics diff results /elsewhere/results
        mechanics diff results/cyclic results/acyclic
        mechanics diff 'cyclic[seed=7]' 'cyclic[seed=8]'
        mechanics diff manifests/cyclic.yaml manifests/acyclic.yaml

      Of folders all tables, claims, locks and figures' specifications are compared; not drawings, \
      times and hosts. Ends with 3 where they differ.
      """)

  @Argument(
    help:
      "A folder of results or of an experiment in it, a run such as cyclic[seed=7], or a manifest.")
  var first: String

  @Argument(help: "What to compare it with, of the same kind.")
  var second: String

  @Option(help: "The folder of the results of runs.", completion: .directory)
  var results: String?

  func run() throws {
    let lines: [String]
    if File.isFolder(first), File.isFolder(second) {
      lines = try FolderComparison(first, second).lines
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
    guard lines.isEmpty else { throw ExitCode(.differs) }
    Console.error("no difference")
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

  /// The metrics in which two runs differ.
  private func runs() throws -> [String] {
    let folder = try Settings(results.map { [.results: $0] } ?? [:]).results.path
    let (left, right) = (try row(of: first, in: folder), try row(of: second, in: folder))
    return left.compactMap { column, cell in
      guard let other = right.first(where: { $0.column == column })?.cell, other != cell else {
        return nil
      }
      let change = Verdict.NumberChange(column: column, row: "", recorded: cell, now: other)
      return "\(column): \(change)"
    }
  }

  /// The row of the one run that an address names; of a stage's address its run counts.
  private func row(
    of run: String, in folder: String
  ) throws -> [(column: String, cell: String)] {
    let address = try AddressPattern(run)
    let name = address.experiment
    let file = "\(folder)/\(name)/runs.csv"
    guard let table = try File.contents(of: file).flatMap(Table.init(bytes:)) else {
      throw UsageError("no results of \(name) in '\(folder)'")
    }
    let found = try TableSelection(table, file).rows(where: [address.inside ?? ""]).table
    guard found.rows.count == 1 else {
      let rows = found.rows.isEmpty ? table.rows : found.rows
      let keys = table.columns.prefix { $0 != "seed" } + ["seed"]
      let names = rows.prefix(5).map { row in
        "\(name)[" + zip(keys, row).map { "\($0)=\($1)" }.joined(separator: ",") + "]"
      }
      throw UsageError(
        "'\(run)' names \(found.rows.count) runs, not one; "
          + (found.rows.isEmpty ? "there are " : "these are ") + names.joined(separator: ", ")
          + (rows.count > 5 ? ", …" : ""))
    }
    return Array(zip(found.columns, found.rows[0]))
  }
}
