import Canonical

/// A piece of a YAML document which remembers where it was written.
struct Node: Sendable {
  enum Content: Sendable {
    /// A value that is no list and no map. `text` is what was written, without quotes.
    case scalar(Value, text: String)
    case list([Node])
    case map([Entry])
    /// What could not be read, and has been reported; checks pass over it.
    case unknown
  }

  /// A key with its value.
  struct Entry: Sendable {
    let key: String
    /// Where the key was written.
    let place: Place
    let node: Node
  }

  let content: Content
  let place: Place
  /// The nodes of the tree with this root: 1 for a scalar. Aliases count as often as they stand.
  let count: Int
  /// The levels of lists and maps: 0 for a scalar.
  let height: Int

  init(_ content: Content, at place: Place) {
    self.content = content
    self.place = place
    switch content {
    case .scalar, .unknown:
      (count, height) = (1, 0)
    case .list(let nodes):
      count = nodes.reduce(1) { $0 + $1.count }
      height = 1 + (nodes.map(\.height).max() ?? 0)
    case .map(let entries):
      count = entries.reduce(1) { $0 + 1 + $1.node.count }
      height = 1 + (entries.map(\.node.height).max() ?? 0)
    }
  }
}

extension Node {
  var entries: [Entry]? { if case .map(let entries) = content { entries } else { nil } }

  var elements: [Node]? { if case .list(let nodes) = content { nodes } else { nil } }

  /// The scalar; nil for lists and maps.
  var scalar: Value? { if case .scalar(let value, _) = content { value } else { nil } }

  /// The entry `key` of a map.
  func entry(_ key: String) -> Entry? { entries?.first { $0.key == key } }

  subscript(key: String) -> Node? { entry(key)?.node }

  /// Gives an entry of a map another key, unless there is one with that key.
  mutating func rename(_ key: String, _ other: String) {
    guard let entries, entry(other) == nil else { return }
    let renamed = entries.map {
      $0.key == key ? Entry(key: other, place: $0.place, node: $0.node) : $0
    }
    self = Node(.map(renamed), at: place)
  }

  /// The document without its places.
  var value: Value {
    switch content {
    case .scalar(let value, _): value
    case .unknown: .null
    case .list(let nodes): .list(nodes.map(\.value))
    case .map(let entries):
      .map(Dictionary(entries.map { ($0.key, $0.node.value) }, uniquingKeysWith: { $1 }))
    }
  }

  /// The node as an error says it: `70000`, `the string 'abc'`, `a list`.
  var noun: String {
    switch content {
    case .scalar(.null, _): "null"
    case .scalar(.string(let text), _): "the string " + Node.quoted(text)
    case .scalar(_, let text): Node.shortened(text)
    case .unknown: "nothing"
    case .list(let nodes): nodes.isEmpty ? "an empty list" : "a list"
    case .map(let entries): entries.isEmpty ? "an empty map" : "a map"
    }
  }

  /// `text` in quotes, short and on one line whatever it holds.
  static func quoted(_ text: String) -> String { "'" + shortened(text) + "'" }

  private static func shortened(_ text: String) -> String {
    var shown = ""
    for (index, scalar) in text.unicodeScalars.enumerated() {
      if index == 60 { return shown + "…" }
      switch scalar {
      case "\n": shown += "\\n"
      case "\t": shown += "\\t"
      case _ where isInvisible(scalar): shown += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
    default: false
    }
  }
}
