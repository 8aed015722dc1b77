import Canonical
import Manifests
import Pipeline
import Storage

/// How long the stages of an experiment took when they were executed, whenever that was, and how many
/// bytes they put out: a row for each kind and cell.
///
/// Stages that several cells share are in one row, so that columns add up; of the swept values it has
/// those that these cells have in common, and is empty elsewhere.
package struct Timings: Sendable {
  package static let name = "timings.csv"
  package let table: Table

  package init(_ number: Int, of plan: Plan, _ outcome: Outcome, _ store: Store) {
    let experiment = plan.experiments[number]
    var table = Table(
      columns: ["kind"] + experiment.manifest.sweptPaths
        + ["stages", "seconds", "minimum", "median", "maximum", "bytes"])
    for kind in plan.catalog.kinds.indices {
      let isRun = plan.catalog.kinds[kind].scope == .run
      for (values, stages) in Timings.groups(of: experiment, kind, isRun: isRun) {
        let records = stages.compactMap { outcome.keys[$0].flatMap(store.record) }
        let seconds = records.map(\.seconds).sorted()
        guard !seconds.isEmpty else { continue }
        let cells = [
          seconds.reduce(0, +), seconds[0], seconds[seconds.count / 2], seconds[seconds.count - 1],
        ]
        let bytes = records.reduce(0) { $0 + $1.outputs.reduce(0) { $0 + $1.size } }
        table.append(
          [plan.catalog.kinds[kind].name] + values + [String(seconds.count)]
            + cells.map { Table.cell($0) } + [String(bytes)])
      }
    }
    self.table = table
  }

  /// The stages of a kind, each once, by the swept values that their cells have in common.
  private static func groups(
    of experiment: Plan.Experiment, _ kind: Int, isRun: Bool
  ) -> [(values: [String], stages: [Int])] {
    let cells = experiment.manifest.cells.map { $0.swept.map { Table.cell($0.value) } }
    let none = experiment.manifest.sweptPaths.map { _ in "" }
    var common: [Int: [String]] = [:]
    var order: [Int] = []
    for (position, stage) in experiment.stages[kind].enumerated() {
      let values = isRun ? cells[position / experiment.seeds.count] : none
      if let known = common[Int(stage)] {
        common[Int(stage)] = zip(known, values).map { $0 == $1 ? $0 : "" }
      } else {
        common[Int(stage)] = values
        order.append(Int(stage))
      }
    }
    var places: [[String]: Int] = [:]
    var groups: [(values: [String], stages: [Int])] = []
    for stage in order {
      let values = common[stage]!
      let place = places[values, default: groups.count]
      if place == groups.count {
        places[values] = place
        groups.append((values, []))
      }
      groups[place].stages.append(stage)
    }
    return groups
  }
}
