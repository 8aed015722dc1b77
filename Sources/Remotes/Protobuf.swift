/// The part of Protocol Buffers' wire format that an `ActionResult` needs.
///
/// <https://protobuf.dev/programming-guides/encoding/>: a field is a tag, `number << 3 | type`, and a
/// varint (type 0), 8 bytes (1), a length and that many bytes (2), or 4 bytes (5).
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  private mutating func varint(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }

  /// An integer; 0 is what a missing field means, and is left out.
  mutating func integer(_ number: UInt64, _ value: Int) {
    guard value != 0 else { return }
    varint(number << 3)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// Bytes, a text or a message.
  mutating func run(_ number: UInt64, _ value: some Collection<UInt8>) {
    varint(number << 3 | 2)
    varint(UInt64(value.count))
    bytes += value
  }
}

/// Reads a message field by field; it ends with the message or at the first byte that is no field.
struct ProtobufReader {
  enum Field {
    case integer(UInt64, UInt64)
    case run(UInt64, ArraySlice<UInt8>)
    /// One of a type that no message here uses.
    case other
  }

  private var rest: ArraySlice<UInt8>
  /// Whether bytes were found that are no field.
  private(set) var isBroken = false

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  mutating func next() -> Field? {
    guard !rest.isEmpty else { return nil }
    if let field = field() { return field }
    isBroken = true
    rest = []
    return nil
  }

  private mutating func field() -> Field? {
    guard let tag = varint(), tag >> 3 > 0 else { return nil }
    switch tag & 7 {
    case 0: return varint().map { .integer(tag >> 3, $0) }
    case 1: return skip(8)
    case 2:
      guard let count = varint(), count <= UInt64(rest.count) else { return nil }
      defer { rest = rest.dropFirst(Int(count)) }
      return .run(tag >> 3, rest.prefix(Int(count)))
    case 5: return skip(4)
    default: return nil
    }
  }

  private mutating func skip(_ count: Int) -> Field? {
    guard rest.count >= count else { return nil }
    rest = rest.dropFirst(count)
    return .other
  }

  /// At most ten bytes of seven bits each.
  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      guard let byte = rest.popFirst(), shift < 63 || byte <= 1 else { return nil }
      value |= UInt64(byte & 0x7f) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    return nil
  }
}
