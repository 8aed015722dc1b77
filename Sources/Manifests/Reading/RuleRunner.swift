import Canonical

/// Asks a family's rules about every cell, once for each combination of what a rule reads.
struct RuleRunner {
  /// The most violations that one rule reports.
  private static let limit = 100

  let family: ModelFamily
  let parameters: ParameterReader
  let sweep: SweepReader
  let cells: [Cell]

  func run(_ checker: inout Checker) {
    guard let first = cells.first else { return }
    for rule in family.rules {
      guard parameters.broken.isDisjoint(with: rule.reads) else { continue }
      let selection = first.parameters.selection(of: rule.reads)
      let axes = sweep.axes.indices.filter { axis in
        sweep.axes[axis].paths.contains { rule.reads.contains($0) }
      }
      var messages: Set<String> = []
      for cell in distinct(axes) where messages.count < RuleRunner.limit {
        for violation in rule.check(cell.parameters.restricted(to: selection))
        where messages.insert(violation.message).inserted {
          let cause = axes.isEmpty ? "" : " (where \(label(cell, rule)))"
          checker.report(place(of: violation, rule, cell), violation.message + cause)
        }
      }
    }
  }

  /// The first cell for each combination of points on `axes`.
  private func distinct(_ axes: [Int]) -> [Cell] {
    guard axes.count < sweep.axes.count else { return cells }
    let sizes = axes.map { sweep.axes[$0].points.count }
    var isSeen = [Bool](repeating: false, count: sizes.reduce(1, *))
    var missing = isSeen.count
    var found: [Cell] = []
    for cell in cells where missing > 0 {
      var index = 0
      for (axis, size) in zip(axes, sizes) { index = index * size + cell.coordinates[axis] }
      guard !isSeen[index] else { continue }
      isSeen[index] = true
      missing -= 1
      found.append(cell)
    }
    return found
  }

  /// The swept values that the rule sees.
  private func label(_ cell: Cell, _ rule: Rule) -> String {
    cell.swept.filter { rule.reads.contains($0.path) }
      .map { "\($0.path)=\($0.value.label)" }.joined(separator: ", ")
  }

  /// Where a value of the sweep stands that the rule sees, the violation's own first; else where
  /// its parameter is given, or another that the rule reads; else the start of the manifest.
  private func place(of violation: Violation, _ rule: Rule, _ cell: Cell) -> Place {
    let paths = [violation.path] + rule.reads
    for path in paths {
      for (axis, point) in zip(cell.axes, cell.coordinates) where axis.paths.contains(path) {
        if let places = sweep.places[path], point < places.count { return places[point] }
      }
    }
    return paths.lazy.compactMap { parameters.places[$0] }.first ?? parameters.root.place
  }
}
