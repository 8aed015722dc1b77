import ArgumentParser
import Canonical
import Glibc
import Report
import Storage

/// `mechanics query`
struct Query: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print rows of the results' tables.",
    discussion: """
        mechanics query summary --experiment cyclic --where metric=correlation
        mechanics query runs --where seed=7 --format json
        mechanics query series --experiment cyclic --column iteration --column correlation.mean
      """)

  enum Name: String, ExpressibleByArgument, CaseIterable { case runs, summary, series }
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, csv, json }

  @Argument(help: "Which table: runs, summary or series.")
  var table: Name

  @Option(help: "Only these experiments (default: all that have results).")
  var experiment: [String] = []

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Only rows with this in a column.", valueName: "column=value"))
  var conditions: [String] = []

  @Option(help: "Only these columns.")
  var column: [String] = []

  @Option(help: "How to print the rows.")
  var format: Format = .table

  @Option(help: "The folder of the results.", completion: .directory)
  var results: String?

  func run() throws {
    let folder = try Settings(results.map { [.results: $0] } ?? [:]).results.path
    let names = try experiment.isEmpty ? Query.experiments(in: folder) : experiment
    guard !names.isEmpty else {
      throw UsageError("no results in '\(folder)': run experiments first")
    }
    for name in names {
      let file = "\(folder)/\(name)/\(table.rawValue).csv"
      guard let bytes = try File.contents(of: file) else {
        throw UsageError("no table \(file); there are results of \(try known(in: folder))")
      }
      guard let table = Table(csv: String(decoding: bytes, as: UTF8.self)) else {
        throw FormatError("\(file) is no table")
      }
      try write(selected(table, file), name, among: names.count)
    }
  }

  private func known(in folder: String) throws -> String {
    try Query.experiments(in: folder).joined(separator: ", ")
  }

  private static func experiments(in folder: String) throws -> [String] {
    try File.names(in: folder).filter { access("\(folder)/\($0)/runs.csv", F_OK) == 0 }
  }

  /// The rows and columns asked for.
  private func selected(_ table: Table, _ file: String) throws -> Table {
    func index(_ name: String) throws -> Int {
      guard let index = table.index(of: name) else {
        throw UsageError(
          "\(file) has no column '\(name)'; it has \(table.columns.joined(separator: ", "))")
      }
      return index
    }
    let wanted = try conditions.map { condition in
      let parts = condition.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw UsageError("'\(condition)' is not column=value") }
      return (try index(parts[0]), parts[1])
    }
    let columns = try column.isEmpty ? Array(table.columns.indices) : column.map(index)
    var selected = Table(columns: columns.map { table.columns[$0] })
    for row in table.rows where wanted.allSatisfy({ Query.matches(row[$0.0], $0.1) }) {
      selected.append(columns.map { row[$0] })
    }
    return selected
  }

  /// Equal as text, or as numbers: 8 finds 8.0.
  private static func matches(_ cell: String, _ wanted: String) -> Bool {
    cell == wanted || Double(cell).map { $0 == Double(wanted) } ?? false
  }

  private func write(_ table: Table, _ experiment: String, among count: Int) throws {
    switch format {
    case .table:
      if count > 1 { Console.out("\(experiment)\n") }
      Console.out(TextTable(table).text)
    case .csv: Console.out(table.csv)
    case .json:
      for row in table.rows {
        var entries: [String: Value] = ["experiment": .string(experiment)]
        for (column, cell) in zip(table.columns, row) {
          entries[column] =
            cell.isEmpty
            ? .null
            : Int(cell).map(Value.integer) ?? Double(cell).map(Value.number)
              ?? .string(cell)
        }
        Console.out(Value.map(entries).json() + "\n")
      }
    }
  }
}
