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
      a manifest, and several conditions with commas between: --where 'initial={random: 2},seed=7'. \
      Where no experiment is named, those without such a column are left out; a CSV of several says in \
      its first column which.
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
    let folder = try Settings(results.map { [.results: $0] } ?? [:]).results
    let address = try address.map { try AddressPattern($0) }
    let asked = experiment + (address.map { [$0.experiment] } ?? [])
    let conditions = conditions + (address?.inside.map { [$0] } ?? [])
    let names = try asked.isEmpty ? folder.experiments : asked
    guard !names.isEmpty else {
      throw UsageError("no results in '\(folder.path)': run experiments first, by 'mechanics run'")
    }
    var parts: [(experiment: String, table: Table)] = []
    var lacking: [(experiment: String, error: UsageError)] = []
    for name in names {
      do {
        parts.append((name, try selected(of: name, in: folder, where: conditions)))
      } catch let error as UsageError where asked.isEmpty {
        lacking.append((name, error))
      }
    }
    if parts.isEmpty, let first = lacking.first { throw first.error }
    write(parts)
    if !lacking.isEmpty {
      let others = lacking.map(\.experiment).joined(separator: ", ")
      Console.error("left out, as the table or a column is not there: \(others)")
    }
    if parts.allSatisfy(\.table.rows.isEmpty) {
      Console.error("no row is so, of \(parts.map(\.experiment).joined(separator: ", "))")
    }
  }

  /// What is asked for of one experiment's table.
  private func selected(
    of experiment: String, in folder: ResultsFolder, where conditions: [String]
  ) throws -> Table {
    let name = table == .claims ? "claims.json" : "\(table.rawValue).csv"
    let file = "\(folder.path)/\(experiment)/\(name)"
    guard let bytes = try File.contents(of: file) else {
      let known = try folder.experiments.joined(separator: ", ")
      throw UsageError("no table \(file); there are results of \(known)")
    }
    guard let table = table == .claims ? Table(claims: bytes) : Table(bytes: bytes) else {
      throw FormatError("\(file) is no table")
    }
    let selection = try TableSelection(table, file).rows(where: conditions)
    if groupBy.isEmpty, statistic.isEmpty { return try selection.columns(column).table }
    return try selection.statistics(statistic.isEmpty ? [.mean] : statistic, of, groupBy).table
  }

  private func write(_ parts: [(experiment: String, table: Table)]) {
    switch format {
    case .table:
      for (experiment, table) in parts where !table.rows.isEmpty {
        if parts.count > 1 { Console.out("\(experiment)\n") }
        Console.out(TextTable(table.shortened).text)
      }
    case .csv: Console.out((parts.count == 1 ? parts[0].table : Table(joining: parts)).csv)
    case .json:
      for (experiment, table) in parts {
        for row in table.rows { Console.out(table.json(row, of: experiment) + "\n") }
      }
    }
  }
}

extension Table {
  /// The rows of several experiments under one header: which experiment, then all columns that any of
  /// them has; a cell is empty where its experiment has no such column.
  fileprivate init(joining parts: [(experiment: String, table: Table)]) {
    let columns = parts.flatMap(\.table.columns).distinct()
    self.init(columns: ["experiment"] + columns)
    for (experiment, table) in parts {
      let places = columns.map { table.columns.firstIndex(of: $0) }
      for row in table.rows { append([experiment] + places.map { $0.map { row[$0] } ?? "" }) }
    }
  }

  fileprivate func json(_ row: [String], of experiment: String) -> String {
    var entries: [String: Value] = ["experiment": .string(experiment)]
    for (column, cell) in zip(columns, row) {
      entries[column] =
        cell.isEmpty
        ? .null
        : Int(cell).map(Value.integer) ?? Double(cell).map(Value.number) ?? .string(cell)
    }
    return Value.map(entries).json()
  }

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
