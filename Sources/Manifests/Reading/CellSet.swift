import Canonical

/// The cells in which swept paths have given values: one entry of `exclude`, or a `where`.
struct CellSet {
  let name: String
  let place: Place
  let conditions: [Condition]
  /// For each axis which of its points are in the set; nil where all are.
  private let allowed: [[Bool]?]

  /// Reads a map of swept paths to values; nil if something was wrong and is reported.
  init?(
    _ node: Node, _ name: String, family: ModelFamily, axes: [Axis], doubtful: Set<String>,
    _ checker: inout Checker
  ) {
    if case .unknown = node.content { return nil }
    guard let entries = node.entries else {
      checker.refuse(node, .record([]), name)
      return nil
    }
    var allowed = [[Bool]?](repeating: nil, count: axes.count)
    var conditions: [Condition] = []
    for entry in entries where !doubtful.contains(entry.key) {
      guard let (axis, points, value) = CellSet.points(entry, name, family, axes, &checker) else {
        continue
      }
      let before = allowed[axis] ?? points
      allowed[axis] = zip(before, points).map { $0 && $1 }
      conditions.append(Condition(path: entry.key, value: value))
    }
    guard conditions.count == entries.count else { return nil }
    self.name = name
    self.place = node.place
    self.conditions = conditions
    self.allowed = allowed
  }

  /// The axis of a swept path, and which of its points have the value; nil if it is reported.
  private static func points(
    _ entry: Node.Entry, _ name: String, _ family: ModelFamily, _ axes: [Axis],
    _ checker: inout Checker
  ) -> (axis: Int, points: [Bool], value: Value)? {
    guard let axis = axes.firstIndex(where: { $0.paths.contains(entry.key) }),
      let column = axes[axis].paths.firstIndex(of: entry.key), let field = family.field(entry.key)
    else {
      refuse(entry, name, family, axes.flatMap(\.paths), &checker)
      return nil
    }
    checker.parameter = entry.key
    guard let value = checker.check(entry.node, field.shape, entry.key) else { return nil }
    let points = axes[axis].points.map { $0[column] == value }
    guard points.contains(true) else {
      checker.report(entry.node.place, "the sweep never sets \(entry.key) to \(value.label)")
      return nil
    }
    return (axis, points, value)
  }

  private static func refuse(
    _ entry: Node.Entry, _ name: String, _ family: ModelFamily, _ swept: [String],
    _ checker: inout Checker
  ) {
    if family.field(entry.key) != nil {
      checker.report(entry.place, "\(name): \(entry.key) is not swept")
    } else {
      checker.unknown(entry, in: name, among: swept, noun: "swept parameter")
    }
  }

  /// Whether the cell with these coordinates is in the set.
  func contains(_ coordinates: [Int]) -> Bool {
    for (axis, points) in allowed.enumerated() {
      if let points, !points[coordinates[axis]] { return false }
    }
    return true
  }
}
