extension Value {
  /// Reads a JSON document (RFC 8259); nil where the bytes are none.
  ///
  /// A number without fraction and exponent that fits is an integer. Of two equal keys the second
  /// counts. Nesting is limited to 512 levels.
  package init?(json bytes: some Sequence<UInt8>) {
    var reader = JSONReader(Array(bytes))
    guard let value = reader.document() else { return nil }
    self = value
  }
}

/// A recursive-descent reader; each method is nil where the text is not what it reads.
private struct JSONReader {
  private let bytes: [UInt8]
  private var place = 0
  private var depth = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() -> Value? {
    guard let value = value() else { return nil }
    skipSpace()
    return place == bytes.count ? value : nil
  }

  private mutating func value() -> Value? {
    skipSpace()
    guard place < bytes.count else { return nil }
    switch bytes[place] {
    case UInt8(ascii: "{"): return nested { $0.object() }
    case UInt8(ascii: "["): return nested { $0.array() }
    case UInt8(ascii: "\""): return string().map(Value.string)
    case UInt8(ascii: "t"): return word("true", .bool(true))
    case UInt8(ascii: "f"): return word("false", .bool(false))
    case UInt8(ascii: "n"): return word("null", .null)
    default: return number()
    }
  }

  private mutating func nested(_ body: (inout JSONReader) -> Value?) -> Value? {
    guard depth < 512 else { return nil }
    depth += 1
    place += 1
    defer { depth -= 1 }
    return body(&self)
  }

  private mutating func object() -> Value? {
    var entries: [String: Value] = [:]
    if take("}") { return .map(entries) }
    repeat {
      skipSpace()
      guard let key = string(), take(":"), let value = value() else { return nil }
      entries[key] = value
    } while take(",")
    return take("}") ? .map(entries) : nil
  }

  private mutating func array() -> Value? {
    var values: [Value] = []
    if take("]") { return .list(values) }
    repeat {
      guard let value = value() else { return nil }
      values.append(value)
    } while take(",")
    return take("]") ? .list(values) : nil
  }

  private mutating func word(_ word: StaticString, _ value: Value) -> Value? {
    let end = place + word.utf8CodeUnitCount
    guard end <= bytes.count,
      word.withUTF8Buffer({ bytes[place..<end].elementsEqual($0) })
    else { return nil }
    place = end
    return value
  }

  private mutating func number() -> Value? {
    let start = place
    _ = at("-")
    guard digits(), bytes[start] != 0x30 || place == start + 1,
      bytes[start] != 0x2d || bytes[start + 1] != 0x30 || place == start + 2
    else { return nil }
    var isInteger = true
    if at(".") {
      isInteger = false
      guard digits() else { return nil }
    }
    if at("e") || at("E") {
      isInteger = false
      if !at("+") { _ = at("-") }
      guard digits() else { return nil }
    }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    if isInteger, let integer = Int(text) { return .integer(integer) }
    return Double(text).map(Value.number)
  }

  /// At least one digit.
  private mutating func digits() -> Bool {
    let start = place
    while place < bytes.count, 0x30...0x39 ~= bytes[place] { place += 1 }
    return place > start
  }

  private mutating func string() -> String? {
    guard at("\"") else { return nil }
    var text: [UInt8] = []
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        text += Array(String(scalar).utf8)
      case 0..<0x20: return nil
      default: text.append(byte)
      }
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    guard place < bytes.count else { return nil }
    let byte = bytes[place]
    place += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "u"): return unicode()
    default: return nil
    }
  }

  /// The four digits of an escape, and the second half of a surrogate pair.
  private mutating func unicode() -> Unicode.Scalar? {
    guard let first = hex() else { return nil }
    guard 0xd800..<0xdc00 ~= first else { return Unicode.Scalar(first) }
    guard at("\\"), at("u"), let second = hex(), 0xdc00..<0xe000 ~= second else { return nil }
    return Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
  }

  private mutating func hex() -> UInt32? {
    guard place + 4 <= bytes.count else { return nil }
    defer { place += 4 }
    let digits = String(decoding: bytes[place..<place + 4], as: UTF8.self)
    return digits.first == "+" || digits.first == "-" ? nil : UInt32(digits, radix: 16)
  }

  private mutating func skipSpace() {
    while place < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[place]) { place += 1 }
  }

  /// Skips space and then takes the character, where it comes next.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    return at(character)
  }

  /// Takes the character, where it comes next.
  private mutating func at(_ character: Unicode.Scalar) -> Bool {
    guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }
}
