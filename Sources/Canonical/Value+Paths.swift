extension Value {
  /// The map of maps that holds each value at its dotted path.
  /// - Precondition: No path is a part of another one.
  package static func nested(_ entries: [(path: String, value: Value)]) -> Value {
    var groups: [String: [(path: String, value: Value)]] = [:]
    var map: [String: Value] = [:]
    for (path, value) in entries {
      if let dot = path.firstIndex(of: ".") {
        let rest = String(path[path.index(after: dot)...])
        groups[String(path[..<dot]), default: []].append((rest, value))
      } else {
        map[path] = value
      }
    }
    for (name, entries) in groups { map[name] = nested(entries) }
    return .map(map)
  }

  /// The value on one line for people, and as part of a stage's address: `8`, `unit-random`,
  /// `{equicorrelated: 0.5}`. YAML reads it back.
  package var label: String {
    switch self {
    case .string(let text) where Value.isPlain(text): text
    case .list(let values): "[" + values.map(\.label).joined(separator: ", ") + "]"
    case .map(let entries):
      "{"
        + entries.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.label)" }
        .joined(separator: ", ") + "}"
    default: json()
    }
  }

  /// Whether YAML reads `text` without quotes as this string.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, UInt8(ascii: "a")...UInt8(ascii: "z") ~= first | 0x20 else {
      return false
    }
    return !["true", "false", "null"].contains(text.lowercased())
      && text.utf8.allSatisfy {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20
          || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "-_./".utf8.contains($0)
      }
  }
}
