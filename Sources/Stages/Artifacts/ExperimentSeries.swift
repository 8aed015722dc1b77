import Canonical
import Manifests
import Pipeline

/// Every run's series of an experiment, by cell and seed.
struct ExperimentSeries {
  struct Cell {
    /// The swept values, in the manifest's order.
    let swept: [(path: String, value: Value)]
    /// One for each seed.
    let runs: [RunSeries]
    /// What has indices, one for each run, where a figure asks for it; empty elsewhere.
    var arrays: [RunArrays] = []
  }

  let seeds: [Int]
  private(set) var cells: [Cell]
  /// The names of all metrics, sorted.
  let metrics: [String]

  /// The series of every stage of the experiment that measures its runs.
  static let input = StageKind.Input.every(output: RunSeries.fileName)
  /// The parameters from which an experiment's series are read.
  static let reads = ["cells", "seeds"]

  init(seeds: [Int], cells: [Cell]) {
    (self.seeds, self.cells) = (seeds, cells)
    metrics = Set(cells.flatMap(\.runs).flatMap(\.metrics.keys)).sorted()
  }

  /// Reads the series of all stages that measured something, and merges those of one run.
  init(_ context: StageContext) throws {
    let stated = context.parameters["seeds"]
    guard let seeds = Seeds(stated) else { throw FormatError("no seeds: \(stated.json())") }
    var byKind: [(kind: String, runs: [RunSeries])] = []
    try context.forEachInput(putting: RunSeries.fileName) { kind, bytes in
      if byKind.last?.kind != kind { byKind.append((kind, [])) }
      byKind[byKind.count - 1].runs.append(try RunSeries(bytes: bytes))
    }
    var runs = byKind.first?.runs ?? []
    for (_, others) in byKind.dropFirst() {
      runs = try zip(runs, others).map { try $0.merged(with: $1) }
    }
    let count = seeds.count
    let cells = (context.parameters["cells"].list ?? []).enumerated().map { number, entries in
      Cell(
        swept: (entries.list ?? []).map { ($0.list![0].string!, $0.list![1]) },
        runs: Array(runs[number * count..<(number + 1) * count]))
    }
    self.init(seeds: Array(seeds), cells: cells)
  }

  /// Reads what has indices, of the runs that a figure draws.
  mutating func readArrays(for figure: Figure, _ context: StageContext) throws {
    let drawn = figure.seed.flatMap(seeds.firstIndex).map { [$0] } ?? Array(seeds.indices)
    for cell in cells.indices where figure.holds(cells[cell]) {
      cells[cell].arrays = try drawn.map { run in
        let number = cell * seeds.count + run
        return try RunArrays(context.inputs(putting: RunArrays.fileName, at: number))
      }
    }
  }

  /// The series of one run of each cell only.
  func ofSeed(_ seed: Int) -> ExperimentSeries {
    guard let run = seeds.firstIndex(of: seed) else { return self }
    return ExperimentSeries(
      seeds: [seed],
      cells: cells.map { Cell(swept: $0.swept, runs: [$0.runs[run]], arrays: $0.arrays) })
  }

  /// The swept paths, in the manifest's order.
  var sweptPaths: [String] { cells.first?.swept.map(\.path) ?? [] }
}

extension ExperimentSeries.Cell {
  /// The cells of a table that tell this cell from others.
  var columns: [String] { swept.map { Table.cell($0.value) } }

  /// The iterations of its runs; those of one cell share their schedule.
  var iterations: [Int] { runs.first?.iterations ?? [] }

  /// The values of a metric over the seeds at one record; missing ones are nil.
  func values(_ metric: String, at record: Int) -> [Double?] {
    runs.map { run in
      guard let values = run.metrics[metric] else { return nil }
      return values.count == 1 ? values[0] : values[record]
    }
  }

  func finals(_ metric: String) -> [Double?] { runs.map { $0.final(metric) } }
}
