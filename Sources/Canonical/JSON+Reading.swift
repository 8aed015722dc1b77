extension Value {
  /// Reads a JSON document (RFC 8259), which may start with a byte order mark.
  ///
  /// A number without fraction and exponent that fits is an integer. No key may be given twice in
  /// an object. Nesting is limited to 512 levels.
  /// - Throws: The first thing that is wrong.
  package init(readingJSON bytes: [UInt8]) throws(JSONError) {
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    let text = bytes.starts(with: mark) ? bytes[mark.count...] : bytes[...]
    var reader = JSONReader(text)
    do throws(JSONReader.Fault) {
      self = try reader.document()
    } catch {
      throw JSONError(text, at: error.place, error.reason)
    }
  }

  /// Reads a JSON document; nil where the bytes are none.
  package init?(json bytes: some Sequence<UInt8>) {
    guard let value = try? Value(readingJSON: Array(bytes)) else { return nil }
    self = value
  }
}

/// A recursive-descent reader.
private struct JSONReader {
  /// What is wrong, at which offset.
  struct Fault: Error {
    let place: Int
    let reason: String
  }

  private static let deepest = 512

  private let bytes: ArraySlice<UInt8>
  private var place: Int
  private var depth = 0

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  mutating func document() throws(Fault) -> Value {
    skipSpace()
    guard place < bytes.endIndex else { throw fault("the document is empty") }
    let value = try value()
    skipSpace()
    guard place == bytes.endIndex else {
      throw fault("the document has ended, but \(next) follows")
    }
    return value
  }

  private mutating func value() throws(Fault) -> Value {
    skipSpace()
    guard place < bytes.endIndex else { throw missing("a value") }
    switch bytes[place] {
    case UInt8(ascii: "{"): return try nested { reader throws(Fault) in try reader.object() }
    case UInt8(ascii: "["): return try nested { reader throws(Fault) in try reader.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), 0x30...0x39: return try number()
    default: throw missing("a value")
    }
  }

  private mutating func nested(
    _ body: (inout JSONReader) throws(Fault) -> Value
  ) throws(Fault) -> Value {
    guard depth < JSONReader.deepest else {
      throw fault("more than \(JSONReader.deepest) levels of lists and objects")
    }
    depth += 1
    place += 1
    let value = try body(&self)
    depth -= 1
    return value
  }

  private mutating func object() throws(Fault) -> Value {
    var entries: [String: Value] = [:]
    if take("}") { return .map(entries) }
    repeat {
      skipSpace()
      let start = place
      guard place < bytes.endIndex, bytes[place] == UInt8(ascii: "\"") else {
        throw missing("a key in quotes")
      }
      let key = try string()
      guard take(":") else { throw missing("':' after the key '\(key)'") }
      guard entries.updateValue(try value(), forKey: key) == nil else {
        throw Fault(place: start, reason: "the key '\(key)' is given twice")
      }
    } while take(",")
    guard take("}") else { throw missing("',' or '}'") }
    return .map(entries)
  }

  private mutating func array() throws(Fault) -> Value {
    var values: [Value] = []
    if take("]") { return .list(values) }
    repeat { values.append(try value()) } while take(",")
    guard take("]") else { throw missing("',' or ']'") }
    return .list(values)
  }

  private mutating func word(_ word: StaticString, _ value: Value) throws(Fault) -> Value {
    let end = place + word.utf8CodeUnitCount
    guard end <= bytes.endIndex,
      word.withUTF8Buffer({ bytes[place..<end].elementsEqual($0) })
    else { throw missing("a value") }
    place = end
    return value
  }

  private mutating func number() throws(Fault) -> Value {
    let start = place
    _ = at("-")
    let whole = place
    guard digits() else { throw missing("a digit") }
    guard bytes[whole] != 0x30 || place == whole + 1 else {
      throw Fault(place: start, reason: "a number must not start with 0")
    }
    var isInteger = true
    if at(".") {
      isInteger = false
      guard digits() else { throw missing("a digit") }
    }
    if at("e") || at("E") {
      isInteger = false
      if !at("+") { _ = at("-") }
      guard digits() else { throw missing("a digit") }
    }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    if isInteger, let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text) else {
      throw Fault(place: start, reason: "'\(text)' is no number")
    }
    return .number(number)
  }

  /// At least one digit.
  private mutating func digits() -> Bool {
    let start = place
    while place < bytes.endIndex, 0x30...0x39 ~= bytes[place] { place += 1 }
    return place > start
  }

  /// - Precondition: A quote comes next.
  private mutating func string() throws(Fault) -> String {
    let start = place
    place += 1
    // What stands before `copied` is in `text`; strings without escapes are never copied into it.
    var text: [UInt8] = []
    var copied = place
    while place < bytes.endIndex {
      let byte = bytes[place]
      switch byte {
      case UInt8(ascii: "\""):
        let rest = bytes[copied..<place]
        let string =
          text.isEmpty
          ? String(validating: rest, as: UTF8.self) : String(validating: text + rest, as: UTF8.self)
        guard let string else { throw Fault(place: start, reason: "the string is not UTF-8") }
        place += 1
        return string
      case UInt8(ascii: "\\"):
        let mark = place
        text += bytes[copied..<mark]
        place += 1
        guard let scalar = escape() else {
          throw Fault(place: mark, reason: "the escape is none of JSON's")
        }
        text += String(scalar).utf8
        copied = place
      case 0..<0x20: throw fault("a string must have \(next) as an escape")
      default: place += 1
      }
    }
    throw Fault(place: start, reason: "the string has no end")
  }

  /// The character of an escape, from what follows its backslash.
  private mutating func escape() -> Unicode.Scalar? {
    guard place < bytes.endIndex else { return nil }
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
    guard place + 4 <= bytes.endIndex else { return nil }
    defer { place += 4 }
    let digits = String(decoding: bytes[place..<place + 4], as: UTF8.self)
    return digits.first == "+" || digits.first == "-" ? nil : UInt32(digits, radix: 16)
  }

  private mutating func skipSpace() {
    while place < bytes.endIndex {
      switch bytes[place] {
      case 0x20, 0x09, 0x0a, 0x0d: place += 1
      default: return
      }
    }
  }

  /// Skips space and then takes the character, where it comes next.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    return at(character)
  }

  /// Takes the character, where it comes next.
  private mutating func at(_ character: Unicode.Scalar) -> Bool {
    guard place < bytes.endIndex, bytes[place] == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private func fault(_ reason: String) -> Fault { Fault(place: place, reason: reason) }

  /// A fault where something else should come next.
  private func missing(_ what: String) -> Fault {
    place < bytes.endIndex
      ? fault("\(what) should stand here, not \(next)")
      : fault("the document ends where \(what) should stand")
  }

  /// What comes next, as errors say it: a word or a character.
  private var next: String {
    let isLetter: (UInt8) -> Bool = { 0x61...0x7a ~= $0 | 0x20 }
    let word = bytes[place...].prefix(while: isLetter).prefix(16)
    if !word.isEmpty { return "'\(String(decoding: word, as: UTF8.self))'" }
    let byte = bytes[place]
    if 0x21..<0x7f ~= byte { return "'\(Character(Unicode.Scalar(byte)))'" }
    let hex = String(byte, radix: 16, uppercase: true)
    return "the byte 0x\(hex.count < 2 ? "0" : "")\(hex)"
  }
}
