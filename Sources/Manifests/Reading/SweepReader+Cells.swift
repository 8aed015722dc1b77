import Canonical

extension SweepReader {
  /// The cells of the sweep without the excluded ones, the last axis fastest.
  mutating func expand(_ table: Parameters, _ checker: inout Checker) -> [Cell] {
    guard let count = countCells(&checker) else { return [] }
    let exclusions = readExclusions(&checker)
    let changes = axes.map { axis in
      axis.points.map { point in
        zip(axis.paths, point).map { Parameters.Change(slot: table.slot(of: $0)!, value: $1) }
      }
    }
    var cells: [Cell] = []
    cells.reserveCapacity(count)
    var uses = [Int](repeating: 0, count: exclusions.count)
    var coordinates = [Int](repeating: 0, count: axes.count)
    for _ in 0..<count {
      var isExcluded = false
      for (index, exclusion) in exclusions.enumerated() where exclusion.contains(coordinates) {
        uses[index] += 1
        isExcluded = true
      }
      if !isExcluded {
        let changed = zip(changes, coordinates).flatMap { $0[$1] }
        cells.append(
          Cell(axes: axes, coordinates: coordinates, parameters: table.changing(changed)))
      }
      advance(&coordinates)
    }
    judge(exclusions, uses, cells, &checker)
    return cells
  }

  /// The next point of the sweep, the last axis first.
  private func advance(_ coordinates: inout [Int]) {
    for axis in axes.indices.reversed() {
      coordinates[axis] += 1
      if coordinates[axis] < axes[axis].points.count { return }
      coordinates[axis] = 0
    }
  }

  /// The number of cells before exclusion; nil past the limit.
  private mutating func countCells(_ checker: inout Checker) -> Int? {
    var count = 1
    for axis in axes {
      count *= axis.points.count
      guard count <= SweepReader.limit else {
        let place = root.entry("sweep")?.place ?? root.place
        checker.report(place, "the sweep has more than \(SweepReader.limit) cells")
        spoil()
        return nil
      }
    }
    return count
  }

  private mutating func readExclusions(_ checker: inout Checker) -> [CellSet] {
    guard let node = root["exclude"] else { return [] }
    if case .unknown = node.content {
      spoilExclusion()
      return []
    }
    guard let elements = node.elements, !elements.isEmpty else {
      _ = checker.check(node, .list(.boolean), "exclude")
      spoilExclusion()
      return []
    }
    return elements.enumerated().compactMap { index, node in
      let name = "exclude[\(index)]"
      guard let set = CellSet(node, name, family: family, axes: axes, doubtful: doubtful, &checker)
      else {
        spoilExclusion()
        return nil
      }
      if !set.conditions.isEmpty { return set }
      checker.report(node.place, "\(name) names no parameter")
      spoilExclusion()
      return nil
    }
  }

  /// Reports exclusions without effect, and those which leave nothing.
  private mutating func judge(
    _ exclusions: [CellSet], _ uses: [Int], _ cells: [Cell], _ checker: inout Checker
  ) {
    guard isSound else { return }
    for (exclusion, uses) in zip(exclusions, uses) where uses == 0 {
      checker.report(exclusion.place, "\(exclusion.name) excludes no cell")
    }
    if cells.isEmpty, let place = root.entry("exclude")?.place {
      checker.report(place, "every cell is excluded")
    }
  }
}
