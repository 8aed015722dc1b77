import Canonical

/// The framing of a segment's log: an append-only run of checksummed frames.
///
/// A frame is `mark` (4 bytes), the payload's length (4), the first 8 bytes of the payload's
/// SHA-256, the payload. A writer that dies leaves at most one torn frame, at the end. A frame
/// that is damaged later does not hide those behind it: the reader searches for the next mark.
enum Log {
  static let mark: UInt32 = 0x6365_726d  // "mrec"
  static let headerSize = 16

  /// The frame that carries `payload`.
  static func frame(_ payload: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(headerSize + payload.count)
    withUnsafeBytes(of: mark.littleEndian) { bytes += $0 }
    withUnsafeBytes(of: UInt32(payload.count).littleEndian) { bytes += $0 }
    withUnsafeBytes(of: Digest(of: payload).words.0.bigEndian) { bytes += $0 }
    return bytes + payload
  }

  /// Calls `body` with the range of each sound payload, in order.
  /// - Returns: where the last sound frame ends, and how many damaged stretches lie before that.
  static func scan(
    _ bytes: UnsafeRawBufferPointer, from start: Int, _ body: (Range<Int>) -> Void
  ) -> (end: Int, damaged: Int) {
    var place = start
    var (end, damaged) = (start, 0)
    while place + headerSize <= bytes.count {
      if let payload = payload(bytes, at: place) {
        if end < place { damaged += 1 }
        body(payload)
        place = payload.upperBound
        end = place
      } else {
        place += 1
      }
    }
    return (end, damaged)
  }

  private static func payload(_ bytes: UnsafeRawBufferPointer, at place: Int) -> Range<Int>? {
    func word(_ offset: Int) -> UInt32 {
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place + offset, as: UInt32.self))
    }
    guard word(0) == mark else { return nil }
    let payload = place + headerSize..<place + headerSize + Int(word(4))
    guard payload.upperBound <= bytes.count else { return nil }
    let check = UInt64(
      bigEndian: bytes.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self))
    let digest = Digest(of: UnsafeRawBufferPointer(rebasing: bytes[payload]))
    return digest.words.0 == check ? payload : nil
  }
}
