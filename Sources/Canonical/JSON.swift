extension Value {
  /// The value as canonical JSON: keys sorted by their UTF-8 bytes, numbers as ``Decimal`` spells
  /// them, no white space, or two spaces an indent with `pretty`.
  ///
  /// A number that does not exist (NaN, an infinity) is `null`.
  package func json(pretty: Bool = false) -> String {
    String(decoding: jsonBytes(pretty: pretty), as: UTF8.self)
  }

  /// The UTF-8 bytes of ``json(pretty:)``.
  package func jsonBytes(pretty: Bool = false) -> [UInt8] {
    var text: [UInt8] = []
    write(to: &text, indent: pretty ? 0 : nil)
    return text
  }

  private func write(to text: inout [UInt8], indent: Int?) {
    switch self {
    case .null: text += "null".utf8
    case .bool(let value): text += (value ? "true" : "false").utf8
    case .integer(let value): text += String(value).utf8
    case .number(let value): if !Decimal.append(value, to: &text) { text += "null".utf8 }
    case .string(let value): Value.quote(value, to: &text)
    case .list(let values) where values.allSatisfy(\.isScalar):
      Value.join(values, "[]", to: &text, indent: nil, spaced: indent != nil) {
        $0.write(to: &$1, indent: nil)
      }
    case .list(let values):
      Value.join(values, "[]", to: &text, indent: indent) {
        $0.write(to: &$1, indent: indent.map { $0 + 1 })
      }
    case .map(let entries):
      let sorted = entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      Value.join(sorted, "{}", to: &text, indent: indent) { entry, text in
        Value.quote(entry.key, to: &text)
        text += (indent == nil ? ":" : ": ").utf8
        entry.value.write(to: &text, indent: indent.map { $0 + 1 })
      }
    }
  }

  private var isScalar: Bool {
    switch self {
    case .list, .map: false
    default: true
    }
  }

  private static func join<Element>(
    _ elements: [Element], _ brackets: StaticString, to text: inout [UInt8], indent: Int?,
    spaced: Bool = false, _ write: (Element, inout [UInt8]) -> Void
  ) {
    text.append(brackets.utf8Start[0])
    for (index, element) in elements.enumerated() {
      if index > 0 { text += (spaced ? ", " : ",").utf8 }
      if let indent { breakLine(indent + 1, &text) }
      write(element, &text)
    }
    if let indent, !elements.isEmpty { breakLine(indent, &text) }
    text.append(brackets.utf8Start[1])
  }

  private static func breakLine(_ indent: Int, _ text: inout [UInt8]) {
    text.append(UInt8(ascii: "\n"))
    for _ in 0..<2 * indent { text.append(UInt8(ascii: " ")) }
  }

  private static func quote(_ string: String, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""): text += "\\\"".utf8
      case UInt8(ascii: "\\"): text += "\\\\".utf8
      case UInt8(ascii: "\n"): text += "\\n".utf8
      case UInt8(ascii: "\r"): text += "\\r".utf8
      case UInt8(ascii: "\t"): text += "\\t".utf8
      case 0..<0x20:
        text += (byte < 0x10 ? "\\u000" : "\\u00").utf8
        text += String(byte, radix: 16).utf8
      default: text.append(byte)
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}
