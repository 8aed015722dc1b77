import Canonical

/// The core schema of YAML 1.2: which plain scalars are null, a boolean or a number.
///
/// Not that of YAML 1.1: `yes`, `on` and `0b1` are strings, `0o17` is 15, `017` is 17.
/// See YAML 1.2.2, section 10.3.2.
enum CoreSchema {
  /// What a plain scalar means.
  static func resolve(_ text: String) -> Value {
    switch text {
    case "", "~", "null", "Null", "NULL": .null
    case "true", "True", "TRUE": .bool(true)
    case "false", "False", "FALSE": .bool(false)
    case ".nan", ".NaN", ".NAN": .number(.nan)
    default: integer(text) ?? number(text) ?? .string(text)
    }
  }

  /// A whole number; a real one where it has no place in 64 bits; nil for anything else.
  static func integer(_ text: String) -> Value? {
    if text.hasPrefix("0o") { return whole(text.dropFirst(2), radix: 8) }
    if text.hasPrefix("0x") { return whole(text.dropFirst(2), radix: 16) }
    var digits = text[...]
    if let sign = digits.utf8.first, "+-".utf8.contains(sign) { digits = digits.dropFirst() }
    guard !digits.isEmpty, digits.utf8.allSatisfy(isDigit) else { return nil }
    return Int(text).map(Value.integer) ?? Double(text).map(Value.number)
  }

  private static func whole(_ digits: Substring, radix: Int) -> Value? {
    guard let first = digits.utf8.first, !"+-".utf8.contains(first) else { return nil }
    var sum = 0.0
    for digit in digits {
      guard digit.isASCII, let place = digit.hexDigitValue, place < radix else { return nil }
      sum = sum * Double(radix) + Double(place)
    }
    return Int(digits, radix: radix).map(Value.integer) ?? .number(sum)
  }

  /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, or an infinity.
  static func number(_ text: String) -> Value? {
    var rest = text.utf8[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if let sign = rest.first, "+-".utf8.contains(sign) { rest = rest.dropFirst() }
    if [".inf", ".Inf", ".INF"].contains(String(Substring(rest))) {
      return .number(isNegative ? -.infinity : .infinity)
    }
    let whole = take(&rest)
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      fraction = take(&rest)
    }
    guard whole + fraction > 0 else { return nil }
    let mantissa = text.utf8[..<rest.startIndex]
    if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
      rest = rest.dropFirst()
      if let sign = rest.first, "+-".utf8.contains(sign) { rest = rest.dropFirst() }
      guard take(&rest) > 0 else { return nil }
    }
    guard rest.isEmpty else { return nil }
    // Swift reads no number that ends in its point.
    let pointless = mantissa.last == UInt8(ascii: ".") ? mantissa.dropLast() : mantissa
    let exponent = text.utf8[mantissa.endIndex...]
    return Double(String(Substring(pointless)) + String(Substring(exponent))).map(Value.number)
      ?? .number(isNegative ? -.infinity : .infinity)
  }

  /// Removes leading digits; returns how many.
  private static func take(_ rest: inout Substring.UTF8View) -> Int {
    let digits = rest.prefix(while: isDigit)
    rest = rest[digits.endIndex...]
    return digits.count
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }
}

extension CoreSchema {
  private static let prefix = "tag:yaml.org,2002:"

  /// The scalar `text` with an explicit tag; nil if it is not of this type.
  /// - Throws: `UnknownTag` for a tag that the core schema does not have.
  static func resolve(_ text: String, tag: String) throws(UnknownTag) -> Value? {
    switch tag {
    case "!", prefix + "str": .string(text)
    case prefix + "null": resolve(text) == .null ? .null : nil
    case prefix + "bool": resolve(text).bool.map(Value.bool)
    case prefix + "int": integer(text)
    case prefix + "float": resolve(text).double.map(Value.number)
    default: throw UnknownTag()
    }
  }

  /// Whether `tag` may stand before a list (`!!seq`) or a map (`!!map`).
  static func allows(_ tag: String, on name: String) -> Bool {
    tag == "!" || tag == prefix + name
  }

  /// `!!name` for a tag of YAML's own, else the tag as it is.
  static func shown(_ tag: String) -> String {
    tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
  }

  struct UnknownTag: Error {}
}
