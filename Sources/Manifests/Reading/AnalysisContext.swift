import Canonical

/// What figures and claims refer to.
struct AnalysisContext {
  let family: ModelFamily
  let axes: [Axis]
  let cells: [Cell]
  let seeds: Seeds?
  /// Whether something is set on the command line: then no claim is judged, and one which no longer
  /// makes sense is left out instead of refused.
  let isOverridden: Bool
  /// Parameters that are wrong, or may be swept and may not; what refers to them is not judged.
  let broken: Set<String>
  /// Those, and parameters whose values in the cells may not be those which are meant.
  let unsettled: Set<String>
  /// What the claims say, as far as they say something, sound or not.
  let claimTexts: [String]

  var sweptPaths: [String] { axes.flatMap(\.paths) }

  /// The paths which vary with `path`: itself, or all that are zipped with it.
  func companions(of path: String) -> [String] {
    axes.first { $0.paths.contains(path) }?.paths ?? [path]
  }

  /// The least of the last iterations of the cells in `set`; nil if none is known.
  func horizon(of set: CellSet?) -> Int? {
    guard let path = family.horizon, !unsettled.contains(path) else { return nil }
    if !sweptPaths.contains(path) { return cells.first?.parameters[path].integer }
    return cells.filter { set?.contains($0.coordinates) ?? true }
      .compactMap { $0.parameters[path].integer }.min()
  }
}

extension AnalysisContext {
  /// The recorded iterations next to `iterations` in the first cell of `set` that records none of
  /// them; nil where all do, or nothing is known.
  func records(
    missing iterations: ClosedRange<Int>, in set: CellSet?
  ) -> (before: Int, after: Int)? {
    guard let records = family.records, unsettled.isDisjoint(with: records.reads) else {
      return nil
    }
    let selected = cells.filter { set?.contains($0.coordinates) ?? true }
    let groups = CellGroups(of: selected, along: axes, reading: records.reads)
    for cell in groups.representatives {
      let (before, after) = records.around(selected[cell].parameters, iterations.upperBound)
      if before < iterations.lowerBound { return (before, after) }
    }
    return nil
  }
}

extension ManifestReader {
  /// The checked entries of the list `key`, with their nodes.
  mutating func readList(
    _ key: String, _ shape: Shape
  ) -> [(name: String, node: Node, value: Value)] {
    guard let node = root[key] else { return [] }
    if case .unknown = node.content { return [] }
    guard let elements = node.elements else {
      checker.refuse(node, .list(shape), key)
      return []
    }
    return elements.enumerated().compactMap { index, node in
      let name = "\(key)[\(index)]"
      return checker.check(node, shape, name).map { (name, node, $0) }
    }
  }

  /// The `where` of a figure or a claim; `isSound` is false if something was wrong with it.
  mutating func readCells(
    of node: Node, _ name: String, in context: AnalysisContext
  ) -> (set: CellSet?, isSound: Bool) {
    guard let node = node["where"] else { return (nil, true) }
    let set = CellSet(
      node, name + ".where", family: context.family, axes: context.axes, doubtful: context.broken,
      &checker)
    guard let set else { return (nil, false) }
    guard context.cells.isEmpty || context.cells.contains(where: { set.contains($0.coordinates) })
    else {
      checker.report(node.place, "\(name).where selects no cell")
      return (nil, false)
    }
    return (set, true)
  }
}
