extension Value {
  /// The value as canonical JSON: keys sorted by their UTF-8 bytes, numbers as ``Decimal`` spells
  /// them, no white space, or two spaces an indent with `pretty`.
  ///
  /// A number that does not exist (NaN, an infinity) is `null`.
  package func json(pretty: Bool = false) -> String {
    var text = ""
    write(to: &text, indent: pretty ? 0 : nil)
    return text
  }

  private func write(to text: inout String, indent: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += Decimal.text(value) ?? "null"
    case .string(let value): Value.quote(value, to: &text)
    case .list(let values) where values.allSatisfy(\.isScalar):
      Value.join(values, "[", "]", to: &text, indent: nil, spaced: indent != nil) {
        $0.write(to: &$1, indent: nil)
      }
    case .list(let values):
      Value.join(values, "[", "]", to: &text, indent: indent) {
        $0.write(to: &$1, indent: indent.map { $0 + 1 })
      }
    case .map(let entries):
      let sorted = entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      Value.join(sorted, "{", "}", to: &text, indent: indent) { entry, text in
        Value.quote(entry.key, to: &text)
        text += indent == nil ? ":" : ": "
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
    _ elements: [Element], _ open: String, _ close: String, to text: inout String, indent: Int?,
    spaced: Bool = false, _ write: (Element, inout String) -> Void
  ) {
    text += open
    for (index, element) in elements.enumerated() {
      if index > 0 { text += spaced ? ", " : "," }
      if let indent { text += "\n" + String(repeating: "  ", count: indent + 1) }
      write(element, &text)
    }
    if let indent, !elements.isEmpty { text += "\n" + String(repeating: "  ", count: indent) }
    text += close
  }

  private static func quote(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
