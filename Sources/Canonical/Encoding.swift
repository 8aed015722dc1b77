/// Bytes that stand for a value in exactly one way; what keys are hashed over.
///
/// Every item is a tag byte, then a fixed-width or length-prefixed payload, so no two sequences of
/// items share an encoding. docs/HASHING.md is the format's description.
package struct Encoding: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// The encoding of one value.
  package init(_ value: Value) { append(value) }

  package enum Tag {
    static let null = UInt8(ascii: "0")
    static let bool = UInt8(ascii: "b")
    static let integer = UInt8(ascii: "i")
    static let number = UInt8(ascii: "f")
    static let string = UInt8(ascii: "s")
    static let list = UInt8(ascii: "l")
    static let map = UInt8(ascii: "m")
    static let digest = UInt8(ascii: "d")
  }

  package mutating func append(_ value: Value) {
    switch value {
    case .null: bytes.append(Tag.null)
    case .bool(let value): bytes += [Tag.bool, value ? 1 : 0]
    case .integer(let value): append(value)
    case .number(let value): append(value)
    case .string(let value): append(value)
    case .list(let values):
      openList(values.count)
      for value in values { append(value) }
    case .map(let entries):
      bytes.append(Tag.map)
      append(word: UInt64(entries.count))
      for key in entries.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
        append(key)
        append(entries[key]!)
      }
    }
  }

  package mutating func append(_ value: Int) {
    bytes.append(Tag.integer)
    append(word: UInt64(bitPattern: Int64(value)))
  }

  /// A double by its bits; both zeros are one value, and so are all NaNs.
  package mutating func append(_ value: Double) {
    bytes.append(Tag.number)
    append(word: value == 0 ? 0 : value.isNaN ? 0x7ff8_0000_0000_0000 : value.bitPattern)
  }

  package mutating func append(_ value: String) {
    bytes.append(Tag.string)
    append(word: UInt64(value.utf8.count))
    bytes += value.utf8
  }

  package mutating func append(_ value: Digest) {
    bytes.append(Tag.digest)
    for word in [value.words.0, value.words.1, value.words.2, value.words.3] {
      withUnsafeBytes(of: word.bigEndian) { bytes += $0 }
    }
  }

  package mutating func appendNull() { bytes.append(Tag.null) }

  /// Announces `count` items that follow.
  package mutating func openList(_ count: Int) {
    bytes.append(Tag.list)
    append(word: UInt64(count))
  }

  package mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

  package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  private mutating func append(word: UInt64) {
    withUnsafeBytes(of: word.littleEndian) { bytes += $0 }
  }
}

/// Reads what ``Encoding`` wrote; nil as soon as the bytes are not an encoding.
package struct Decoding {
  private let bytes: ArraySlice<UInt8>
  private var place: Int

  package init(_ bytes: ArraySlice<UInt8>) {
    (self.bytes, place) = (bytes, bytes.startIndex)
  }

  package var isAtEnd: Bool { place == bytes.endIndex }

  package mutating func string() -> String? {
    guard tag(Encoding.Tag.string), let count = count(), let text = take(count) else { return nil }
    return String(validating: text, as: UTF8.self)
  }

  package mutating func integer() -> Int? {
    guard tag(Encoding.Tag.integer), let word = word() else { return nil }
    return Int(Int64(bitPattern: word))
  }

  package mutating func digest() -> Digest? {
    guard tag(Encoding.Tag.digest), let taken = take(Digest.byteCount) else { return nil }
    return taken.withUnsafeBytes { Digest(bytes: $0) }
  }

  /// The number of items of a list that opens here.
  package mutating func list() -> Int? {
    guard tag(Encoding.Tag.list) else { return nil }
    return count()
  }

  package mutating func null() -> Bool { tag(Encoding.Tag.null) }

  package mutating func value() -> Value? {
    guard place < bytes.endIndex else { return nil }
    switch bytes[place] {
    case Encoding.Tag.null: return null() ? .null : nil
    case Encoding.Tag.bool:
      place += 1
      return take(1)?.first.map { .bool($0 != 0) }
    case Encoding.Tag.integer: return integer().map(Value.integer)
    case Encoding.Tag.number:
      place += 1
      return word().map { .number(Double(bitPattern: $0)) }
    case Encoding.Tag.string: return string().map(Value.string)
    case Encoding.Tag.list:
      guard let count = list() else { return nil }
      var values: [Value] = []
      for _ in 0..<count {
        guard let value = value() else { return nil }
        values.append(value)
      }
      return .list(values)
    case Encoding.Tag.map: return map()
    default: return nil
    }
  }

  private mutating func map() -> Value? {
    place += 1
    guard let count = count() else { return nil }
    var entries: [String: Value] = [:]
    for _ in 0..<count {
      guard let key = string(), let value = value() else { return nil }
      entries[key] = value
    }
    return .map(entries)
  }

  private mutating func tag(_ expected: UInt8) -> Bool {
    guard place < bytes.endIndex, bytes[place] == expected else { return false }
    place += 1
    return true
  }

  /// A length: never more than the bytes that are left.
  private mutating func count() -> Int? {
    guard let word = word(), word <= UInt64(bytes.endIndex - place) else { return nil }
    return Int(word)
  }

  private mutating func word() -> UInt64? {
    take(8)?.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
  }

  private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count <= bytes.endIndex - place else { return nil }
    defer { place += count }
    return bytes[place..<place + count]
  }
}
