import CCrypto

/// A SHA-256 digest (FIPS 180-4): the name of a content.
package struct Digest: Sendable {
  /// The 32 bytes as four big-endian words, so that comparing words compares bytes.
  package let words: (UInt64, UInt64, UInt64, UInt64)

  package static let byteCount = 32

  /// The digest of `bytes`.
  package init(of bytes: some ContiguousBytes) {
    self = bytes.withBytes { buffer in
      withUnsafeTemporaryAllocation(byteCount: Digest.byteCount, alignment: 8) { output in
        var length: UInt32 = 0
        let done = EVP_Digest(
          buffer.baseAddress, buffer.count, output.baseAddress, &length, sha256, nil)
        precondition(done == 1 && length == 32, "libcrypto has no SHA-256")
        return Digest(bytes: UnsafeRawBufferPointer(output))
      }
    }
  }

  /// The digest whose 32 bytes are `bytes`.
  package init(bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count >= Digest.byteCount)
    func word(_ index: Int) -> UInt64 {
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    words = (word(0), word(1), word(2), word(3))
  }

  /// The digest written as 64 hexadecimal digits; nil for anything else.
  package init?(hex: String) {
    var bytes: [UInt8] = []
    let digits = Array(hex.utf8)
    guard digits.count == 64 else { return nil }
    for place in stride(from: 0, to: 64, by: 2) {
      guard let high = Digest.value(ofDigit: digits[place]),
        let low = Digest.value(ofDigit: digits[place + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    self = bytes.withUnsafeBytes { Digest(bytes: $0) }
  }

  private static func value(ofDigit digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// 64 hexadecimal digits, lower case.
  package var hex: String {
    var text = ""
    text.reserveCapacity(64)
    for word in [words.0, words.1, words.2, words.3] { text += Digest.hex(word) }
    return text
  }

  /// The first 16 hexadecimal digits.
  package var short: String { Digest.hex(words.0) }

  /// The 32 bytes.
  package var bytes: [UInt8] {
    [words.0, words.1, words.2, words.3].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
    }
  }

  private static func hex(_ word: UInt64) -> String {
    String(unsafeUninitializedCapacity: 16) { buffer in
      for place in 0..<16 {
        let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * place)) & 15
        buffer[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
      }
      return 16
    }
  }
}

extension Digest: Hashable, Comparable, CustomStringConvertible {
  package static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }
  package static func < (left: Digest, right: Digest) -> Bool { left.words < right.words }
  /// One word is enough: the bits of a digest are uniform.
  package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
  package var description: String { hex }
}

/// Fetched once: a lookup by name at each call costs more than hashing a key.
nonisolated(unsafe) let sha256 = EVP_MD_fetch(nil, "SHA256", nil)

/// Anything whose bytes lie together in memory.
package protocol ContiguousBytes {
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result
}

extension Array: ContiguousBytes where Element == UInt8 {
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withUnsafeBytes(body)
  }
}

extension ArraySlice: ContiguousBytes where Element == UInt8 {
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withUnsafeBytes(body)
  }
}

extension UnsafeRawBufferPointer: ContiguousBytes {
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    body(self)
  }
}

extension String: ContiguousBytes {
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    var copy = self
    return copy.withUTF8 { body(UnsafeRawBufferPointer($0)) }
  }
}
