import Canonical

/// Reads `sweep`, `zip` and `exclude`, and expands them to cells.
struct SweepReader {
  /// The most cells before exclusion.
  static let limit = 1_000_000

  let family: ModelFamily
  let root: Node
  /// The sound axes, in the manifest's order.
  private(set) var axes: [Axis] = []
  /// Where the values of each swept path stand, by its point.
  private(set) var places: [String: [Place]] = [:]
  /// Paths whose values are wrong.
  private(set) var broken: Set<String> = []
  /// Whether the cells are those which the manifest means.
  private(set) var isSound = true
  /// Whether `sweep` or `zip` could not be read at all, so that any path may be swept.
  private var isUnreadable = false
  /// Whether cells are left in that the manifest excludes.
  private var isExclusionBroken = false

  init(family: ModelFamily, root: Node) {
    self.family = family
    self.root = root
  }

  /// The paths that may be swept for all that can be told: what refers to them is not judged.
  var doubtful: Set<String> {
    isUnreadable ? broken.union(family.paths).subtracting(axes.flatMap(\.paths)) : broken
  }

  /// The paths whose values in the cells may not be those which the manifest means.
  var unsettled: Set<String> {
    isExclusionBroken ? doubtful.union(axes.flatMap(\.paths)) : doubtful
  }

  /// Whether the sweep names `path`, rightly or wrongly.
  func mentions(_ path: String) -> Bool { places[path] != nil || broken.contains(path) }

  /// Reads both kinds of axes in the order in which they are written.
  mutating func readAxes(_ checker: inout Checker) {
    for entry in root.entries ?? [] where ["sweep", "zip"].contains(entry.key) {
      guard let paths = entry.node.entries else {
        (isSound, isUnreadable) = (false, true)
        if case .unknown = entry.node.content { continue }
        checker.report(entry.node.place, "\(entry.key) must be a map, not \(entry.node.noun)")
        continue
      }
      if entry.key == "sweep" {
        for path in paths {
          guard let column = readColumn(path, "sweep", &checker) else { continue }
          let axis = Axis(paths: [path.key], points: column.map { [$0] })
          if isRepeatless(axis, &checker) { axes.append(axis) }
        }
      } else {
        readZip(entry.node, paths, &checker)
      }
    }
  }

  /// The checked values of one path; nil if something was wrong.
  private mutating func readColumn(
    _ entry: Node.Entry, _ key: String, _ checker: inout Checker
  ) -> [Value]? {
    let path = entry.key
    guard let field = family.field(path) else {
      isSound = false
      let near = checker.unknown(entry, in: key, among: family.paths, noun: "parameter")
      if let near { broken.insert(near) }
      return nil
    }
    guard !mentions(path) else {
      isSound = false
      broken.insert(path)
      checker.report(entry.place, "\(path) is swept twice")
      return nil
    }
    checker.parameter = path
    guard let column = values(entry.node, field, &checker) else {
      isSound = false
      broken.insert(path)
      return nil
    }
    places[path] = entry.node.elements?.map(\.place) ?? []
    return column
  }

  /// The values of a list, each checked for itself.
  private func values(_ node: Node, _ field: Field, _ checker: inout Checker) -> [Value]? {
    guard let nodes = node.elements, !nodes.isEmpty else {
      _ = checker.check(node, .list(field.shape), field.path)
      return nil
    }
    let values = nodes.map { checker.check($0, field.shape, field.path) }
    return values.contains(nil) ? nil : values.compactMap { $0 }
  }

  private mutating func readZip(
    _ node: Node, _ entries: [Node.Entry], _ checker: inout Checker
  ) {
    guard !entries.isEmpty else { return }
    var columns: [[Value]] = []
    for entry in entries {
      guard let column = readColumn(entry, "zip", &checker) else { continue }
      if let first = columns.first, first.count != column.count {
        isSound = false
        let counts = "\(entries[0].key) has \(first.count) values, \(entry.key) \(column.count)"
        checker.report(entry.node.place, "zip needs lists of equal length: \(counts)")
        broken.insert(entry.key)
      }
      columns.append(column)
    }
    guard columns.count == entries.count, Set(columns.map(\.count)).count == 1 else {
      broken.formUnion(entries.map(\.key))
      return
    }
    let points = columns[0].indices.map { point in columns.map { $0[point] } }
    let axis = Axis(paths: entries.map(\.key), points: points)
    if isRepeatless(axis, &checker) { axes.append(axis) }
  }

  /// Whether no point stands twice on the axis; the second is reported.
  private mutating func isRepeatless(_ axis: Axis, _ checker: inout Checker) -> Bool {
    var seen: Set<[Value]> = []
    for (index, point) in axis.points.enumerated() where !seen.insert(point).inserted {
      let values = zip(axis.paths, point).map { "\($0)=\($1.label)" }.joined(separator: ", ")
      checker.report(places[axis.paths[0]]![index], "\(values) is swept twice")
      isSound = false
      broken.formUnion(axis.paths)
      return false
    }
    return true
  }

  /// Marks the cells as not those which the manifest means.
  mutating func spoil() { isSound = false }

  /// Marks an exclusion as one that cannot be told.
  mutating func spoilExclusion() { (isSound, isExclusionBroken) = (false, true) }
}
