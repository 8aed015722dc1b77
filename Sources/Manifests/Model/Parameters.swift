import Canonical

/// Every parameter of one cell by its dotted path, defaults filled in.
///
/// The cells of a manifest share one table of paths and values; a cell holds only what the sweep
/// changes, so 100,000 of them are cheap. A parameter with options is one leaf, as
/// `data.embedding = {equicorrelated: 0.5}`.
package struct Parameters: Sendable {
  private let table: Table
  private var changes: [Change]
  private let selection: Selection?

  /// The parameters `values`, in their order.
  /// - Precondition: No path is given twice.
  package init(_ values: [(path: String, value: Value)]) {
    table = Table(values)
    changes = []
    selection = nil
  }

  private init(table: Table, changes: [Change], selection: Selection?) {
    self.table = table
    self.changes = changes
    self.selection = selection
  }

  /// The paths which may be read, in the order of their declaration.
  package var paths: [String] { selection?.paths ?? table.paths }

  /// The value of the parameter at `path`.
  /// - Precondition: `path` is declared, and within the restriction if there is one.
  package subscript(path: String) -> Value {
    guard let slot = table.slots[path] else {
      preconditionFailure("no parameter is named \(path)")
    }
    precondition(selection?.holds[slot] ?? true, "parameter \(path) is read but not declared")
    return self[slot: slot]
  }

  private subscript(slot slot: Int) -> Value {
    for change in changes where change.slot == slot { return change.value }
    return table.values[slot]
  }

  /// The parameters as a tree: `data.dimension` is `value["data"]?["dimension"]`.
  package var value: Value {
    Value.nested(paths.map { ($0, self[slot: table.slots[$0]!]) })
  }
}

extension Parameters {
  /// The parameters with other values at some slots, which ``slot(of:)`` names.
  func changing(_ changes: [Change]) -> Parameters {
    Parameters(table: table, changes: changes, selection: selection)
  }

  func slot(of path: String) -> Int? { table.slots[path] }

  /// The same parameters, of which only `paths` may be read.
  /// - Precondition: Each path is declared.
  package func restricted(to paths: [String]) -> Parameters {
    restricted(to: selection(of: paths))
  }

  /// The same parameters, of which only those of `selection` may be read.
  ///
  /// For many cells of one manifest: the selection is made once, a restriction costs nothing.
  package func restricted(to selection: Selection) -> Parameters {
    let seen = changes.filter { selection.holds[$0.slot] }
    return Parameters(table: table, changes: seen, selection: selection)
  }

  /// A choice of paths for ``restricted(to:)-(Parameters.Selection)``, good for all cells of one manifest.
  /// - Precondition: Each path is declared.
  package func selection(of paths: [String]) -> Selection {
    var holds = [Bool](repeating: false, count: table.paths.count)
    for path in paths {
      guard let slot = table.slots[path] else {
        preconditionFailure("no parameter is named \(path)")
      }
      holds[slot] = true
    }
    return Selection(paths: table.paths.indices.filter { holds[$0] }.map { table.paths[$0] }, holds)
  }

  /// Which parameters may be read.
  package final class Selection: Sendable {
    package let paths: [String]
    fileprivate let holds: [Bool]

    fileprivate init(paths: [String], _ holds: [Bool]) {
      self.paths = paths
      self.holds = holds
    }
  }

  /// A swept parameter: its slot in the table and its value in this cell.
  struct Change: Sendable {
    let slot: Int
    let value: Value
  }

  /// What all cells of a manifest share.
  private final class Table: Sendable {
    let paths: [String]
    let values: [Value]
    let slots: [String: Int]

    init(_ entries: [(path: String, value: Value)]) {
      paths = entries.map(\.path)
      values = entries.map(\.value)
      slots = Dictionary(uniqueKeysWithValues: zip(paths, paths.indices))
    }
  }
}

extension Parameters: Hashable {
  /// Equal if the same paths may be read and hold the same values, whichever manifest they are of.
  package static func == (left: Parameters, right: Parameters) -> Bool {
    guard left.paths == right.paths else { return false }
    return left.paths.allSatisfy { left[$0] == right[$0] }
  }

  package func hash(into hasher: inout Hasher) {
    for path in paths { hasher.combine(self[path]) }
  }
}
