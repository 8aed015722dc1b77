import Canonical

/// The cells of a manifest, divided by the values of some parameters.
///
/// Cells of one group are the same to whoever reads only these parameters: a rule, or a stage. It
/// takes a few nanoseconds a cell, as only coordinates are looked at.
package struct CellGroups: Sendable {
  /// The first cell of each group, in order.
  package let representatives: [Int]
  /// The group of each cell.
  package let group: [Int]

  package var count: Int { representatives.count }

  /// Divides `cells`, which are those of `axes`, by the values of `paths`.
  init(of cells: [Cell], along axes: [Axis], reading paths: [String]) {
    let paths = Set(paths)
    let classes = axes.enumerated().compactMap { index, axis in
      CellGroups.classes(of: axis, paths).map { (axis: index, ids: $0.ids, count: $0.count) }
    }
    var found = [Int](repeating: -1, count: classes.reduce(1) { $0 * $1.count })
    var representatives: [Int] = []
    group = cells.indices.map { cell in
      var key = 0
      for (axis, ids, count) in classes { key = key * count + ids[cells[cell].coordinates[axis]] }
      if found[key] < 0 {
        found[key] = representatives.count
        representatives.append(cell)
      }
      return found[key]
    }
    self.representatives = representatives
  }

  /// A number for each point of the axis, the same where the values of `paths` are; nil if the axis
  /// has none of these.
  private static func classes(
    of axis: Axis, _ paths: Set<String>
  ) -> (ids: [Int], count: Int)? {
    let columns = axis.paths.indices.filter { paths.contains(axis.paths[$0]) }
    guard !columns.isEmpty else { return nil }
    var known: [[Value]: Int] = [:]
    let ids = axis.points.map { point in
      let values = columns.map { point[$0] }
      let id = known[values] ?? known.count
      known[values] = id
      return id
    }
    return (ids, known.count)
  }
}

extension Manifest {
  /// The cells divided by the values of `paths`.
  package func groups(reading paths: [String]) -> CellGroups {
    CellGroups(of: cells, along: axes, reading: paths)
  }
}
