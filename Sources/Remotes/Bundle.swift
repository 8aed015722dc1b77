import Canonical
import Storage

/// What a machine needs that wants the results of an experiment and has nothing: all its records,
/// with their parameters, and the blobs that the results are read from.
///
/// It travels as one blob: entries as in a segment's log, blobs as bytes. It adds nothing to what the
/// single entries say, so whoever removes some of these removes the bundle with them.
package struct Bundle: Sendable {
  package var records: [Record] = []
  package var contents: [[UInt8]] = []

  /// Blobs above this travel alone.
  package static let blobLimit = 1 << 20
  /// More bytes than this make no bundle.
  package static let limit = 256 << 20

  package init() {}

  private static let tag: [UInt8] = Array("mechanics bundle 1\n".utf8)

  package var bytes: [UInt8] {
    var out = ByteWriter()
    out.integer(records.count)
    for record in records { out.run(record.entry) }
    out.integer(contents.count)
    for bytes in contents { out.run(bytes) }
    return Bundle.tag + out.bytes
  }

  /// Reads one back; nil for bytes that are none. Records whose key is not their own are refused.
  package init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: Bundle.tag) else { return nil }
    let body = bytes.withUnsafeBytes { bytes -> ([Record], [[UInt8]])? in
      var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[Bundle.tag.count...]))
      guard let records = reader.count() else { return nil }
      var read: [Record] = []
      for _ in 0..<records {
        guard let record = reader.run().flatMap({ $0.withUnsafeBytes(Record.init(entry:)) }),
          (try? record.check(record.key)) != nil
        else { return nil }
        read.append(record)
      }
      guard let blobs = reader.count() else { return nil }
      var contents: [[UInt8]] = []
      for _ in 0..<blobs {
        guard let run = reader.run() else { return nil }
        contents.append(run)
      }
      return (read, contents)
    }
    guard let body else { return nil }
    (records, contents) = body
  }
}
