import Canonical
import Manifests

/// The parameter sets of one kind over the cells of a manifest; each is encoded only once.
struct CellParameters {
  private let kind: StageKind
  private let selection: Parameters.Selection
  /// The places of the axes that change what the kind reads.
  private let axes: [Int]
  /// What stands for a file that a parameter names.
  private let contents: [String: Value]
  private let fileParameters: Set<String>
  private var known: [[Int]: Int] = [:]

  init(_ kind: StageKind, _ manifest: Manifest, _ contents: [String: Value]) {
    self.kind = kind
    self.contents = contents
    selection = manifest.parameters.selection(of: kind.reads)
    axes = manifest.axes.indices.filter { axis in
      manifest.axes[axis].paths.contains { kind.reads.contains($0) }
    }
    fileParameters = Set(manifest.files.map(\.parameter))
  }

  /// The place of the cell's parameter set, as `intern` gave it.
  mutating func set(of cell: Cell, _ intern: (ParameterSet) -> Int) -> Int {
    let coordinates = axes.map { cell.coordinates[$0] }
    if let place = known[coordinates] { return place }
    let parameters = cell.parameters.restricted(to: selection)
    let entries = kind.reads.map { path in
      let value = parameters[path]
      return (path: path, value: fileParameters.contains(path) ? resolved(value) : value)
    }
    let place = intern(ParameterSet(entries))
    known[coordinates] = place
    return place
  }

  /// A value in which a file's path is replaced by its content's digest: paths are never in a key.
  private func resolved(_ value: Value) -> Value {
    switch value {
    case .map(let payload): .map(payload.mapValues(resolved))
    case .string(let path): contents[path] ?? value
    default: value
    }
  }
}
