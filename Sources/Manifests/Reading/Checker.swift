import Canonical

/// Checks nodes against shapes, brings values to their one spelling, and collects what is wrong.
struct Checker {
  private(set) var diagnostics: [Diagnostic] = []
  /// The files that checked values name.
  var files: [Manifest.File] = []
  let folder: Folder
  /// The parameter whose value is being checked; files are listed under it.
  var parameter = ""

  /// After so many errors no name is guessed any more: it is no manifest, and guessing takes time.
  private static let guesses = 1000

  init(folder: Folder) { self.folder = folder }

  /// Takes back all that was reported after the first `count` errors.
  mutating func forget(after count: Int) { diagnostics.removeSubrange(count...) }

  mutating func report(_ place: Place, _ message: String, suggestion: String? = nil) {
    report(Diagnostic(place, message, suggestion: suggestion))
  }

  mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  /// The files, each once for a parameter, in order of appearance.
  var distinctFiles: [Manifest.File] { files.distinct() }

  /// The value of `node` in the one spelling of `shape`; nil if it was wrong and is reported.
  mutating func check(_ node: Node, _ shape: Shape, _ name: String) -> Value? {
    if case .unknown = node.content { return nil }
    switch shape {
    case .reference(_, let shape): return check(node, shape, name)
    case .either(let shapes):
      if let fitting = shapes.first(where: { $0.fits(node) }) { return check(node, fitting, name) }
    case .boolean:
      if let value = node.scalar?.bool { return .bool(value) }
    case .integer(let range):
      if let value = Checker.whole(node), range.contains(value) { return .integer(value) }
    case .number(let bounds):
      if let value = node.scalar?.double, bounds.contains(value) {
        return .number(value == 0 ? 0 : value)
      }
    case .string(let pattern):
      if let text = node.scalar?.string, pattern.matches(text) { return .string(text) }
    case .choice(let options): return choice(node, options, shape, name)
    case .list(let element, let count): return list(node, element, count, shape, name)
    case .record(let entries, let exactlyOne, let least):
      if node.entries?.count ?? least < least {
        report(node.place, "\(name) must have at least \(least) of its keys")
        return nil
      }
      return record(node, entries, exactlyOne, name)
    case .file(let extensions): return file(node, extensions, shape, name)
    }
    refuse(node, shape, name)
    return nil
  }

  /// A whole number, however it is written; one past 2⁵³ only as an integer.
  private static func whole(_ node: Node) -> Int? {
    switch node.scalar {
    case .integer(let value): value
    case .number(let value) where value.magnitude <= 0x1p53: Int(exactly: value)
    default: nil
    }
  }

  mutating func refuse(_ node: Node, _ shape: Shape, _ name: String) {
    var suggestion: String?
    if case .boolean = shape, let text = node.scalar?.string?.lowercased() {
      suggestion = ["yes": "true", "on": "true", "no": "false", "off": "false"][text]
    }
    report(
      node.place, "\(name) must be \(shape.noun), not \(node.noun)", suggestion: suggestion)
  }
}

extension Checker {
  private mutating func list(
    _ node: Node, _ element: Shape, _ count: ClosedRange<Int>, _ shape: Shape, _ name: String
  ) -> Value? {
    guard let nodes = node.elements else {
      refuse(node, shape, name)
      return nil
    }
    guard count.contains(nodes.count) else {
      let least = count.lowerBound == count.upperBound ? "" : "at least "
      let size = count.lowerBound == 1 ? "1 element" : "\(count.lowerBound) elements"
      report(node.place, "\(name) must have \(least)\(size), not \(nodes.count)")
      return nil
    }
    var values: [Value] = []
    for (index, node) in nodes.enumerated() {
      if let value = check(node, element, "\(name)[\(index)]") { values.append(value) }
    }
    return values.count == nodes.count ? .list(values) : nil
  }

  private mutating func record(
    _ node: Node, _ entries: [Shape.Entry], _ exactlyOne: [String], _ name: String
  ) -> Value? {
    guard let given = node.entries else {
      refuse(node, .record(entries), name)
      return nil
    }
    var values: [String: Value] = [:]
    for entry in given {
      if let known = entries.first(where: { $0.name == entry.key }) {
        values[entry.key] = check(entry.node, known.shape, "\(name).\(entry.key)")
      } else {
        unknown(entry, in: name, among: entries.map(\.name))
      }
    }
    let isComplete = require(entries, exactlyOne, of: given, at: node.place, name)
    return isComplete && values.count == given.count ? .map(values) : nil
  }

  /// Reports keys that are missing, or given where only one of several may be.
  private mutating func require(
    _ entries: [Shape.Entry], _ exactlyOne: [String], of given: [Node.Entry], at place: Place,
    _ name: String
  ) -> Bool {
    let keys = Set(given.map(\.key))
    let missing = entries.filter { $0.isRequired && !keys.contains($0.name) }
    for entry in missing { report(place, "\(name) needs the key '\(entry.name)'") }
    let rivals = given.filter { exactlyOne.contains($0.key) }
    if !exactlyOne.isEmpty, rivals.count != 1 {
      let place = rivals.count > 1 ? rivals[1].place : place
      report(place, "\(name) needs exactly one of the keys " + exactlyOne.joined(separator: ", "))
      return false
    }
    return missing.isEmpty
  }

  /// Reports a key that is not known; returns the one that was meant, as far as can be told.
  @discardableResult
  mutating func unknown(
    _ entry: Node.Entry, in name: String, among names: [String], noun: String = "key"
  ) -> String? {
    let near =
      diagnostics.count < Checker.guesses ? Suggestion.nearest(to: entry.key, among: names) : nil
    report(
      entry.place, "\(name) has no \(noun) \(Node.quoted(entry.key))", suggestion: near)
    return near
  }
}
