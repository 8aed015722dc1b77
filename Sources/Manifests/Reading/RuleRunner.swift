import Canonical

/// Asks a family's rules about every cell, once for each combination of what a rule reads.
struct RuleRunner {
  /// The most violations that one rule reports; a thousand cells are wrong for the same reason.
  private static let limit = 20

  let family: ModelFamily
  let parameters: ParameterReader
  let sweep: SweepReader
  let cells: [Cell]
  /// Parameters whose values are wrong or may not be those which are meant; no rule reads them.
  let unsettled: Set<String>
  /// The metrics that figures and claims name.
  let metrics: Set<String>
  /// The paths that are set on the command line.
  let overridden: [String]

  func run(_ checker: inout Checker) {
    for rule in family.rules where unsettled.isDisjoint(with: rule.reads) {
      if let metrics = rule.metrics, metrics.isDisjoint(with: self.metrics) { continue }
      run(rule, &checker)
    }
    runUses(&checker)
  }

  private func run(_ rule: Rule, _ checker: inout Checker) {
    guard let first = cells.first else { return }
    let selection = first.parameters.selection(of: rule.reads)
    let groups = CellGroups(of: cells, along: sweep.axes, reading: rule.reads)
    var faults: [Diagnostic] = []
    var messages: Set<String> = []
    for index in groups.representatives
    where rule.extent == .someCell || messages.count < RuleRunner.limit {
      let cell = cells[index]
      let violations = rule.check(
        cell.parameters.restricted(to: selection), checker.folder.contents(of:))
      if rule.extent == .someCell, violations.isEmpty { return }
      for violation in violations
      where !isLeftOut(violation, by: rule) && messages.insert(violation.message).inserted {
        let cause = label(cell, rule).map { " (where \($0))" } ?? ""
        let place = place(of: [violation.path] + rule.reads, cell)
        faults.append(Diagnostic(place, violation.message + cause))
      }
    }
    for fault in faults.prefix(RuleRunner.limit) { checker.report(fault) }
  }

  /// Whether something else that is set on the command line excuses it.
  private func isLeftOut(_ violation: Violation, by rule: Rule) -> Bool {
    rule.extent == .everyCellAsStated && !overridden.isEmpty
      && !overridden.contains(violation.path)
  }

  /// The swept values that the rule sees; nil if it sees none.
  private func label(_ cell: Cell, _ rule: Rule) -> String? {
    let seen = cell.swept.filter { rule.reads.contains($0.path) }
    return seen.isEmpty
      ? nil : seen.map { "\($0.path)=\($0.value.label)" }.joined(separator: ", ")
  }

  /// Where a value of the sweep stands that is at one of the paths, the first one's first; else where
  /// a parameter at one of them is given; else the start of the manifest.
  func place(of paths: [String], _ cell: Cell) -> Place {
    for path in paths {
      for (axis, point) in zip(cell.axes, cell.coordinates) where axis.paths.contains(path) {
        if let places = sweep.places[path], point < places.count { return places[point] }
      }
    }
    return paths.lazy.compactMap { parameters.places[$0] }.first ?? parameters.root.place
  }
}
