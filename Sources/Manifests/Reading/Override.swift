import Canonical

/// A `--set path=value` of the command line.
struct Override {
  private let text: String
  /// The keys from the root to what is set; `sweep` and `zip` have dotted paths for keys.
  let keys: [String]

  init(_ text: String) {
    self.text = text
    let path = text.prefix { $0 != "=" }
    let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let isAxis = ["sweep", "zip"].contains(parts[0]) && parts.count > 2
    keys = isAxis ? [parts[0], parts.dropFirst().joined(separator: ".")] : parts
  }

  /// Where errors in it are reported.
  var place: Place { Place(file: "--set \(text)") }

  /// Puts the value into the document.
  /// - Returns: What is wrong with the override itself.
  func apply(to root: inout Node) -> [Diagnostic] {
    guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
      return [Diagnostic(place, "an override is written path=value, such as seeds=1..10")]
    }
    guard keys.count <= 8, keys.allSatisfy({ !$0.isEmpty }) else {
      return [Diagnostic(place, "'\(text[..<mark])' is not a path of names between dots")]
    }
    let source = Array(text.utf8[text.utf8.index(after: mark)...])
    let isBlank = source.allSatisfy { " \t\n".utf8.contains($0) }
    if isBlank { return [Diagnostic(place, "an override needs a value after '='")] }
    let value: SourceText
    do throws(Diagnostic) {
      value = try SourceText(source, file: place.file, isOverride: true)
    } catch {
      return [error]
    }
    let document = Document(value)
    guard let node = document.root else { return document.diagnostics }
    root = set(keys[...], in: root, to: node)
    return document.diagnostics
  }

  /// `node` with the value under `keys`; what is no map becomes one.
  private func set(_ keys: ArraySlice<String>, in node: Node?, to value: Node) -> Node {
    guard let key = keys.first else { return value }
    let rest = keys.dropFirst()
    var entries = node?.entries ?? []
    if let index = entries.firstIndex(where: { $0.key == key }) {
      let inner = set(rest, in: entries[index].node, to: value)
      entries[index] = .init(key: key, place: entries[index].place, node: inner)
    } else {
      entries.append(.init(key: key, place: place, node: set(rest, in: nil, to: value)))
    }
    return Node(.map(entries), at: node?.place ?? place)
  }
}
