import Canonical

/// Where a parameter matters. A value other than the default that changes nothing in any cell is an
/// error: who gives it expects something of it.
package struct Use: Sendable {
  package let path: String
  /// The other paths that decide whether it matters.
  let reads: [String]
  /// It matters only where a figure or claim names one of these; nil: whatever they name.
  let metrics: Set<String>?
  /// What it is for, as the error says.
  let purpose: String
  /// Whether it matters to a cell.
  let isUsed: @Sendable (Parameters) -> Bool

  /// A parameter of stages that are planned only for these metrics.
  package init(of path: String, metrics: [String], purpose: String) {
    self.path = path
    self.purpose = purpose
    self.metrics = Set(metrics)
    reads = []
    isUsed = { _ in true }
  }

  /// A parameter that only some values of others look at.
  package init(
    of path: String, reads: [String], purpose: String,
    where isUsed: @escaping @Sendable (Parameters) -> Bool
  ) {
    self.path = path
    self.purpose = purpose
    self.reads = reads
    self.isUsed = isUsed
    metrics = nil
  }
}

extension RuleRunner {
  /// Reports each parameter whose values change nothing.
  func runUses(_ checker: inout Checker) {
    for use in family.uses {
      let reads = [use.path] + use.reads
      guard unsettled.isDisjoint(with: reads), let first = cells.first else { continue }
      let selection = first.parameters.selection(of: reads)
      let fallback = family.field(use.path)?.fallback
      let groups = CellGroups(of: cells, along: sweep.axes, reading: reads)
      let given = groups.representatives.filter { cells[$0].parameters[use.path] != fallback }
      let isUsed =
        use.metrics.map { !$0.isDisjoint(with: metrics) }
        ?? given.contains { use.isUsed(cells[$0].parameters.restricted(to: selection)) }
      guard let cell = given.first, !isUsed else { continue }
      checker.report(
        place(of: [use.path], cells[cell]), "\(use.path) has no effect here: \(use.purpose)")
    }
  }
}
