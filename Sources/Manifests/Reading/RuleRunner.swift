import Canonical

/// Asks a family's rules about every cell, once for each combination of what a rule reads.
struct RuleRunner {
  /// The most violations that one rule reports; a thousand cells are wrong for the same reason.
  private static let limit = 20

  let family: ModelFamily
  let parameters: ParameterReader
  let sweep: SweepReader
  let cells: [Cell]
  /// The metrics that figures and claims name.
  let metrics: Set<String>

  func run(_ checker: inout Checker) {
    guard let first = cells.first else { return }
    let folder = checker.folder
    for rule in family.rules {
      guard parameters.broken.isDisjoint(with: rule.reads),
        rule.metrics.map({ !$0.isDisjoint(with: metrics) }) ?? true
      else { continue }
      let selection = first.parameters.selection(of: rule.reads)
      let groups = CellGroups(of: cells, along: sweep.axes, reading: rule.reads)
      var messages: Set<String> = []
      for index in groups.representatives where messages.count < RuleRunner.limit {
        let cell = cells[index]
        let parameters = cell.parameters.restricted(to: selection)
        for violation in rule.check(parameters, folder.contents(of:))
        where messages.insert(violation.message).inserted {
          let cause = label(cell, rule).map { " (where \($0))" } ?? ""
          checker.report(place(of: [violation.path] + rule.reads, cell), violation.message + cause)
        }
      }
    }
    runUses(&checker)
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
