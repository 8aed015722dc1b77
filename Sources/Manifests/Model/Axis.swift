import Canonical

/// One direction of a sweep: a path with its values, or the zipped paths which vary together.
package struct Axis: Hashable, Sendable {
  /// One path, or as many as `zip:` has.
  package let paths: [String]
  /// The points in the manifest's order; a point has a value for each path.
  package let points: [[Value]]

  package init(paths: [String], points: [[Value]]) {
    self.paths = paths
    self.points = points
  }

  /// The distinct values of `path`, in the manifest's order; nil if the axis has no such path.
  package func values(of path: String) -> [Value]? {
    guard let column = paths.firstIndex(of: path) else { return nil }
    return points.map { $0[column] }.distinct()
  }
}

/// One combination of swept values, with all parameters that follow from it.
package struct Cell: Sendable {
  /// The axes of the sweep, the slowest first; shared by all cells.
  package let axes: [Axis]
  /// The cell's point on each axis, from 0.
  package let coordinates: [Int]
  package let parameters: Parameters

  /// The swept paths with this cell's values, in the manifest's order; empty without a sweep.
  package var swept: [(path: String, value: Value)] {
    zip(axes, coordinates).flatMap { axis, point in
      zip(axis.paths, axis.points[point]).map { ($0, $1) }
    }
  }

  /// `data.dimension=8,train.step.size=0.1`: what tells this cell from the others.
  package var label: String {
    swept.map { "\($0.path)=\($0.value.label)" }.joined(separator: ",")
  }
}
