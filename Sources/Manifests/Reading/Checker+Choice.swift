import Canonical

extension Checker {
  /// A name of a closed set, alone or as the only key of a map with its payload.
  mutating func choice(
    _ node: Node, _ options: [Shape.Option], _ shape: Shape, _ name: String
  ) -> Value? {
    if let text = node.scalar?.string { return alone(text, node, options, shape, name) }
    guard shape.fits(node), let entries = node.entries, let entry = entries.first else {
      refuse(node, shape, name)
      return nil
    }
    guard entries.count == 1 else {
      let keys = entries.map { Node.quoted($0.key) }.joined(separator: ", ")
      report(entries[1].place, "\(name) must be one of its options, not several: \(keys)")
      return nil
    }
    if let payload = options.first(where: { $0.name == entry.key && $0.payload != nil })?.payload {
      return check(entry.node, payload, "\(name).\(entry.key)").map { .map([entry.key: $0]) }
    }
    if options.contains(where: { $0.name == entry.key }) {
      report(entry.place, "\(name): '\(entry.key)' takes no value; write it alone")
    } else {
      let near = Suggestion.nearest(to: entry.key, among: options.map(\.name))
      let found = "{\(Node.quoted(entry.key)): …}"
      report(entry.place, "\(name) must be \(shape.noun), not \(found)", suggestion: near)
    }
    return nil
  }

  /// An option without payload.
  private mutating func alone(
    _ text: String, _ node: Node, _ options: [Shape.Option], _ shape: Shape, _ name: String
  ) -> Value? {
    if options.contains(where: { $0.name == text && $0.payload == nil }) { return .string(text) }
    if options.contains(where: { $0.name == text }) {
      report(node.place, "\(name): '\(text)' needs a value, as in {\(text): …}")
      return nil
    }
    let near = Suggestion.nearest(to: text, among: options.map(\.name))
    report(node.place, "\(name) must be \(shape.noun), not \(node.noun)", suggestion: near)
    return nil
  }

  /// The path of a file that exists, in its one spelling; the file is added to the list.
  mutating func file(
    _ node: Node, _ extensions: [String], _ shape: Shape, _ name: String
  ) -> Value? {
    guard let text = node.scalar?.string else {
      refuse(node, shape, name)
      return nil
    }
    guard extensions.isEmpty || extensions.contains(where: { text.hasSuffix("." + $0) }) else {
      refuse(node, shape, name)
      return nil
    }
    do throws(Folder.Fault) {
      let path = try folder.resolve(text)
      files.append(.init(parameter: parameter, path: path, location: folder.location(of: path)))
      return .string(path)
    } catch {
      report(node.place, "\(name): \(error.message(Node.quoted(text)))")
      return nil
    }
  }
}
