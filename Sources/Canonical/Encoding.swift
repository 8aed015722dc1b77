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
    append(word: Encoding.bits(value))
  }

  /// The bits that stand for `value`.
  fileprivate static func bits(_ value: Double) -> UInt64 {
    value == 0 ? 0 : value.isNaN ? 0x7ff8_0000_0000_0000 : value.bitPattern
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

/// Reads what ``Encoding`` wrote, and nothing else: what it reads is encoded as the same bytes. Nil
/// as soon as the bytes are not an encoding.
package struct Decoding {
  /// How deep lists and maps may lie in each other: garbage must not exhaust the stack.
  private static let depthLimit = 256

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

  package mutating func value() -> Value? { value(depth: 0) }

  private mutating func value(depth: Int) -> Value? {
    guard place < bytes.endIndex, depth < Decoding.depthLimit else { return nil }
    switch bytes[place] {
    case Encoding.Tag.null: return null() ? .null : nil
    case Encoding.Tag.bool: return bool().map(Value.bool)
    case Encoding.Tag.integer: return integer().map(Value.integer)
    case Encoding.Tag.number: return number().map(Value.number)
    case Encoding.Tag.string: return string().map(Value.string)
    case Encoding.Tag.list:
      guard let count = list() else { return nil }
      var values: [Value] = []
      for _ in 0..<count {
        guard let value = value(depth: depth + 1) else { return nil }
        values.append(value)
      }
      return .list(values)
    case Encoding.Tag.map: return map(depth: depth)
    default: return nil
    }
  }

  private mutating func bool() -> Bool? {
    guard tag(Encoding.Tag.bool), let byte = take(1)?.first, byte < 2 else { return nil }
    return byte == 1
  }

  private mutating func number() -> Double? {
    guard tag(Encoding.Tag.number), let bits = word() else { return nil }
    let value = Double(bitPattern: bits)
    return Encoding.bits(value) == bits ? value : nil
  }

  /// A map, whose keys come in the order of their bytes.
  private mutating func map(depth: Int) -> Value? {
    guard tag(Encoding.Tag.map), let count = count() else { return nil }
    var entries: [String: Value] = [:]
    var last: String?
    for _ in 0..<count {
      guard let key = string(), last?.utf8.lexicographicallyPrecedes(key.utf8) ?? true,
        let value = value(depth: depth + 1), entries.updateValue(value, forKey: key) == nil
      else { return nil }
      last = key
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
