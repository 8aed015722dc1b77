import Canonical
import Pipeline
import Storage

/// How long the stages of an experiment took when they were executed, whenever that was, and how many
/// bytes they put out.
package struct Timings: Sendable {
  package static let name = "timings.csv"
  package let table: Table

  package init(_ number: Int, of plan: Plan, _ outcome: Outcome, _ store: Store) {
    var table = Table(
      columns: ["kind", "stages", "seconds", "minimum", "median", "maximum", "bytes"])
    for kind in plan.catalog.kinds.indices {
      let records = Set(plan.experiments[number].stages[kind]).sorted().compactMap { stage in
        outcome.keys[Int(stage)].flatMap(store.record)
      }
      let seconds = records.map(\.seconds).sorted()
      guard !seconds.isEmpty else { continue }
      let cells = [
        seconds.reduce(0, +), seconds[0], seconds[seconds.count / 2], seconds[seconds.count - 1],
      ]
      let bytes = records.reduce(0) { $0 + $1.outputs.reduce(0) { $0 + $1.size } }
      table.append(
        [plan.catalog.kinds[kind].name, String(seconds.count)] + cells.map { Table.cell($0) }
          + [String(bytes)])
    }
    self.table = table
  }
}
