import Canonical

/// A list or a map of a document while it is being read.
struct Collection {
  let isMap: Bool
  let mark: EventStream.Mark
  let place: Place
  private var elements: [Node] = []
  private var entries: [Node.Entry] = []
  private var keys: Set<String> = []
  /// What is to be merged, and before which entry.
  private var merges: [(position: Int, node: Node)] = []
  /// The key whose value comes next.
  private var key: Key?

  private enum Key {
    case name(String, Place)
    /// `<<`: what follows is merged into the map.
    case merge
    /// A key that was refused; its value is passed over.
    case refused
  }

  /// The merge key, where it is not quoted.
  private static let merge = "<<"

  init(isMap: Bool, _ mark: EventStream.Mark, _ place: Place) {
    self.isMap = isMap
    self.mark = mark
    self.place = place
  }

  /// Takes the next element, key or value.
  ///
  /// - Returns: What is wrong with it; the collection then goes on without it.
  mutating func append(_ node: Node, isPlain: Bool) -> Diagnostic? {
    guard isMap else {
      elements.append(node)
      return nil
    }
    switch key {
    case nil:
      return take(key: node, isPlain: isPlain)
    case .refused:
      key = nil
    case .merge:
      key = nil
      merges.append((entries.count, node))
      return Collection.fault(ofMerging: node)
    case .name(let name, let place):
      key = nil
      entries.append(Node.Entry(key: name, place: place, node: node))
    }
    return nil
  }

  private mutating func take(key node: Node, isPlain: Bool) -> Diagnostic? {
    key = .refused
    if case .unknown = node.content { return nil }
    guard case .scalar(_, let text) = node.content else {
      return Diagnostic(node.place, "a key must be a name, not \(node.noun)")
    }
    guard !text.isEmpty else { return Diagnostic(node.place, "a key must not be empty") }
    guard keys.insert(text).inserted else {
      return Diagnostic(node.place, "the key \(Node.quoted(text)) is given twice")
    }
    key = isPlain && text == Collection.merge ? .merge : .name(text, node.place)
    return nil
  }

  private static func fault(ofMerging node: Node) -> Diagnostic? {
    for map in node.elements ?? [node] {
      switch map.content {
      case .map, .unknown: break
      default:
        return Diagnostic(map.place, "the merge key '<<' needs a map or maps, not \(map.noun)")
      }
    }
    return nil
  }
}

extension Collection {
  /// The complete node, and how many nodes merging has added to it.
  ///
  /// Merged entries stand where the merge key stood. A key of the map itself overrides them; of
  /// several merged maps the first which has a key gives it. See yaml.org/type/merge.html.
  var node: (Node, merged: Int) {
    guard isMap else { return (Node(.list(elements), at: place), 0) }
    guard !merges.isEmpty else { return (Node(.map(entries), at: place), 0) }
    var taken = keys
    var all: [Node.Entry] = []
    var next = 0
    var added = 0
    for (position, source) in merges {
      all += entries[next..<position]
      next = position
      for map in source.elements ?? [source] {
        for entry in map.entries ?? [] where taken.insert(entry.key).inserted {
          all.append(entry)
          added += 1 + entry.node.count
        }
      }
    }
    return (Node(.map(all + entries[next...]), at: place), added)
  }
}
