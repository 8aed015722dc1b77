import Canonical

/// Appends little-endian fields.
package struct ByteWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func byte(_ value: UInt8) { bytes.append(value) }

  package mutating func integer(_ value: Int) {
    withUnsafeBytes(of: Int64(value).littleEndian) { bytes += $0 }
  }

  package mutating func digest(_ value: Digest) {
    for word in [value.words.0, value.words.1, value.words.2, value.words.3] {
      withUnsafeBytes(of: word.bigEndian) { bytes += $0 }
    }
  }

  /// A length, then that many bytes.
  package mutating func run(_ value: [UInt8]) {
    integer(value.count)
    bytes += value
  }
}

/// Reads the fields back; nil from the first one that is not there.
package struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private var place = 0

  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  package mutating func byte() -> UInt8? {
    guard place < bytes.count else { return nil }
    defer { place += 1 }
    return bytes[place]
  }

  package mutating func integer() -> Int? {
    guard bytes.count - place >= 8 else { return nil }
    defer { place += 8 }
    return Int(Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int64.self)))
  }

  /// An integer that cannot be negative.
  package mutating func count() -> Int? { integer().flatMap { $0 >= 0 ? $0 : nil } }

  package mutating func digest() -> Digest? {
    guard bytes.count - place >= Digest.byteCount else { return nil }
    defer { place += Digest.byteCount }
    return Digest(bytes: UnsafeRawBufferPointer(rebasing: bytes[place...]))
  }

  package mutating func run() -> [UInt8]? {
    guard let count = count(), count <= bytes.count - place else { return nil }
    defer { place += count }
    return Array(bytes[place..<place + count])
  }
}
