import ArgumentParser
import Canonical
import Glibc
import Manifests
import Pipeline
import Report
import Storage

/// `mechanics query`
struct Query: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print rows of the results' tables, or statistics of them.",
    discussion: """
        mechanics query summary --experiment cyclic --where metric=correlation
        mechanics query runs 'cyclic[seed=7]'
        mechanics query runs --where 'correlation<0.95' --format json
        mechanics query runs --group-by dimension --of correlation --statistic median
        mechanics query claims --where status!=held

      A column may be named by its last part: 'dimension' is 'data.dimension'. Values are written as in \
      a manifest, and several conditions with commas between: --where 'initial={random: 2},seed=7'.
      """)

  enum Name: String, ExpressibleByArgument, CaseIterable { case runs, summary, series, claims }
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, csv, json }

  @Argument(help: "Which table: runs, summary, series or claims.")
  var table: Name

  @Argument(help: "Only what this names: an experiment, or runs such as cyclic[seed=7].")
  var address: String?

  @Option(help: "Only these experiments (default: all that have results).")
  var experiment: [String] = []

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Only rows whose column compares so: =, !=, <, <=, > or >=.", valueName: "column=value"))
  var conditions: [String] = []

  @Option(help: "Only these columns.")
  var column: [String] = []

  @Option(help: "A row for each combination of values of these columns.")
  var groupBy: [String] = []

  @Option(help: "The columns to make statistics of (default: all of numbers).")
  var of: [String] = []

  @Option(help: "The statistics: mean, std, min, max, median, q05, q95 or share (default: mean).")
  var statistic: [Manifests.Claim.Statistic] = []

  @Option(help: "How to print the rows; a table for people has numbers of six digits.")
  var format: Format = .table

  @Option(help: "The folder of the results.", completion: .directory)
  var results: String?

  func validate() throws {
    guard column.isEmpty || groupBy.isEmpty && statistic.isEmpty else {
      throw ValidationError("--column is of rows; of statistics name the columns by --of")
    }
    if statistic.contains(.slope) {
      throw ValidationError("a slope is no statistic of rows")
    }
  }

  func run() throws {
    let folder = try Settings(results.map { [.results: $0] } ?? [:]).results.path
    let address = try address.map { try AddressPattern($0) }
    let asked = experiment + (address.map { [$0.experiment] } ?? [])
    let conditions = conditions + (address?.inside.map { [$0] } ?? [])
    let names = try asked.isEmpty ? Query.experiments(in: folder) : asked
    guard !names.isEmpty else {
      throw UsageError("no results in '\(folder)': run experiments first, by 'mechanics run'")
    }
    var isEmpty = true
    for name in names {
      let file = "\(folder)/\(name)/\(table == .claims ? "claims.json" : "\(table.rawValue).csv")"
      guard let bytes = try File.contents(of: file) else {
        throw UsageError("no table \(file); there are results of \(try known(in: folder))")
      }
      guard let table = table == .claims ? Table(claims: bytes) : Table(bytes: bytes) else {
        throw FormatError("\(file) is no table")
      }
      var selection = try TableSelection(table, file).rows(where: conditions)
      if groupBy.isEmpty, statistic.isEmpty {
        selection = try selection.columns(column)
      } else {
        selection = try selection.statistics(statistic.isEmpty ? [.mean] : statistic, of, groupBy)
      }
      isEmpty = isEmpty && selection.table.rows.isEmpty
      write(selection.table, name, among: names.count)
    }
    if isEmpty { Console.error("no row is so, of \(names.joined(separator: ", "))") }
  }

  private func known(in folder: String) throws -> String {
    try Query.experiments(in: folder).joined(separator: ", ")
  }

  private static func experiments(in folder: String) throws -> [String] {
    try File.names(in: folder).filter { access("\(folder)/\($0)/runs.csv", F_OK) == 0 }
  }

  private func write(_ table: Table, _ experiment: String, among count: Int) {
    switch format {
    case .table where table.rows.isEmpty: break
    case .table:
      if count > 1 { Console.out("\(experiment)\n") }
      Console.out(TextTable(table.shortened).text)
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

extension Table {
  /// Numbers that are no integers to six digits.
  fileprivate var shortened: Table {
    var result = Table(columns: columns)
    for row in rows {
      result.append(
        row.map { cell in
          guard Int(cell) == nil, let number = Double(cell) else { return cell }
          return Table.cell(Decimal.shortened(number, digits: 6))
        })
    }
    return result
  }
}

extension Manifests.Claim.Statistic: ExpressibleByArgument {}
