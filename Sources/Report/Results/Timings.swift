import Canonical
import Pipeline
import Storage

/// How long the stages of an experiment took when they were executed, whenever that was.
package struct Timings: Sendable {
  package static let name = "timings.csv"
  package let table: Table

  package init(_ number: Int, of plan: Plan, _ outcome: Outcome, _ store: Store) {
    var table = Table(
      columns: ["kind", "stages", "seconds", "minimum", "median", "maximum"])
    for kind in plan.catalog.kinds.indices {
      let seconds = Set(plan.experiments[number].stages[kind]).sorted().compactMap { stage in
        outcome.keys[Int(stage)].flatMap { store.record(for: $0)?.seconds }
      }.sorted()
      guard !seconds.isEmpty else { continue }
      let cells = [
        seconds.reduce(0, +), seconds[0], seconds[seconds.count / 2], seconds[seconds.count - 1],
      ]
      table.append(
        [plan.catalog.kinds[kind].name, String(seconds.count)] + cells.map { Table.cell($0) })
    }
    self.table = table
  }
}
