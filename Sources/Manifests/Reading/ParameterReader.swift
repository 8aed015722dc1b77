import Canonical

/// Reads the sections `data` and `train`, leaf by leaf, and fills in defaults.
struct ParameterReader {
  let family: ModelFamily
  let root: Node
  /// Where each given parameter stands.
  private(set) var places: [String: Place] = [:]
  /// Parameters which are given and wrong.
  private(set) var broken: Set<String> = []
  private(set) var defaults: [(path: String, value: Value)] = []
  private var values: [String: Value] = [:]

  init(family: ModelFamily, root: Node) {
    self.family = family
    self.root = root
  }

  mutating func readSections(_ checker: inout Checker) {
    for section in ["data", "train"] {
      if let node = root[section] { read(node, section, &checker) }
    }
  }

  /// Reads the map at the path `prefix`.
  private mutating func read(_ node: Node, _ prefix: String, _ checker: inout Checker) {
    guard let entries = node.entries else {
      broken.formUnion(family.paths.filter { $0.hasPrefix(prefix + ".") })
      if case .unknown = node.content { return }
      checker.report(node.place, "\(prefix) must be a map, not \(node.noun)")
      return
    }
    for entry in entries {
      let path = "\(prefix).\(entry.key)"
      if !entry.key.contains("."), let field = family.field(path) {
        places[path] = entry.node.place
        checker.parameter = path
        values[path] = checker.check(entry.node, field.shape, path)
        if values[path] == nil { broken.insert(path) }
      } else if !entry.key.contains("."), family.paths.contains(where: { $0.hasPrefix(path + ".") })
      {
        read(entry.node, path, &checker)
      } else {
        unknown(entry, prefix, &checker)
      }
    }
  }

  /// Reports a name that is no field here, with one that is here or elsewhere.
  private mutating func unknown(_ entry: Node.Entry, _ prefix: String, _ checker: inout Checker) {
    let here = family.paths.filter { $0.hasPrefix(prefix + ".") }
      .map { String($0.dropFirst(prefix.utf8.count + 1).prefix { $0 != "." }) }
    if entry.key.contains("."), family.field("\(prefix).\(entry.key)") != nil {
      let parts = entry.key.split(separator: ".")
      let nested = parts.dropLast().reversed().reduce("\(parts.last!): …") { "\($1): {\($0)}" }
      checker.report(
        entry.place, "\(prefix) has no field \(Node.quoted(entry.key))", suggestion: nested)
    } else {
      let near = checker.unknown(entry, in: prefix, among: here + family.paths, noun: "field")
      if let near { broken.insert(family.field(near)?.path ?? "\(prefix).\(near)") }
    }
  }

  /// All parameters, those which are not given by their defaults.
  ///
  /// Outside of the sweep a path that only the sweep gives has its first value there; what is
  /// wrong or missing is null, and no rule reads it.
  mutating func complete(with sweep: SweepReader, _ checker: inout Checker) -> Parameters {
    var entries: [(path: String, value: Value)] = []
    for field in family.fields {
      if let value = values[field.path] {
        entries.append((field.path, value))
      } else if let value = sweep.axes.lazy.compactMap({ $0.values(of: field.path) }).first {
        entries.append((field.path, value[0]))
      } else if broken.contains(field.path) || sweep.mentions(field.path) {
        entries.append((field.path, .null))
      } else if let fallback = field.fallback {
        entries.append((field.path, fallback))
        defaults.append((field.path, fallback))
      } else {
        let section = String(field.path.prefix { $0 != "." })
        let place = root[section]?.place ?? root.place
        checker.report(place, "the parameter \(field.path) is missing and has no default")
        broken.insert(field.path)
        entries.append((field.path, .null))
      }
    }
    return Parameters(entries)
  }
}
