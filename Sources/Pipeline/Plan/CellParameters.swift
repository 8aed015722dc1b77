import Canonical
import Manifests

/// The parameter sets of one kind over the cells of a manifest, each encoded only once.
struct CellParameters {
  /// One for each group of cells that agree in all that the kind reads.
  let sets: [ParameterSet]
  /// The place in `sets` of each cell's.
  let ofCell: [Int]

  /// - Parameter contents: what stands for a file that a parameter names, by its path.
  init(_ kind: StageKind, _ manifest: Manifest, _ contents: [String: Value]) {
    let groups = manifest.groups(reading: kind.reads)
    let selection = manifest.parameters.selection(of: kind.reads)
    let fileParameters = Set(manifest.files.map(\.parameter))
    sets = groups.representatives.map { cell in
      let parameters = manifest.cells[cell].parameters.restricted(to: selection)
      return ParameterSet(
        kind.reads.map { path in
          let value = parameters[path]
          let isFile = fileParameters.contains(path)
          return (path, isFile ? CellParameters.resolved(value, contents) : value)
        })
    }
    ofCell = groups.group
  }

  /// A value in which a file's path is replaced by its content's digest: paths are never in a key.
  private static func resolved(_ value: Value, _ contents: [String: Value]) -> Value {
    switch value {
    case .map(let payload): .map(payload.mapValues { resolved($0, contents) })
    case .string(let path): contents[path] ?? value
    default: value
    }
  }
}
