import Canonical
import Storage

/// What a shared cache holds under a key: a record, or the bundle of an experiment.
///
/// Its bytes are an `ActionResult`, whose output says what it is: a line that names the format, and
/// for a record its entry as the store has it. The files are the blobs that it names.
package enum SharedEntry: Sendable {
  case record(Record)
  case bundle(Blob)

  private static let recordFormat = "mechanics record 1\n"
  private static let bundleFormat = "mechanics bundle 1\n"

  package var bytes: [UInt8] {
    switch self {
    case .record(let record):
      let names = ["parameters"] + record.outputs.indices.map { "output-\($0)" }
      let files = zip(names, [record.details] + record.outputs)
      var own = record
      own.isBorrowed = false
      return ActionResult(
        files: files.map { ActionResult.File(path: $0, blob: $1) },
        output: Array(SharedEntry.recordFormat.utf8) + own.entry, worker: record.producer
      ).bytes
    case .bundle(let blob):
      return ActionResult(
        files: [.init(path: "bundle", blob: blob)], output: Array(SharedEntry.bundleFormat.utf8)
      ).bytes
    }
  }

  /// Reads what lies under `key`, and checks all of it that can be checked without the blobs.
  /// - Throws: what is wrong with it, as a text.
  package init(_ bytes: [UInt8], key: Digest) throws(Refusal) {
    guard let result = ActionResult(bytes) else { throw Refusal("an entry is no ActionResult") }
    let line = result.output.prefix { $0 != 0x0a } + [0x0a]
    let payload = result.output.dropFirst(line.count)
    switch String(decoding: line, as: UTF8.self) {
    case SharedEntry.recordFormat:
      guard let record = Array(payload).withUnsafeBytes(Record.init(entry:)) else {
        throw Refusal("the record of an entry cannot be read")
      }
      try record.check(key)
      guard result.files.map(\.blob) == [record.details] + record.outputs else {
        throw Refusal("an entry names other blobs than its record")
      }
      self = .record(record)
    case SharedEntry.bundleFormat:
      guard result.files.count == 1 else { throw Refusal("the entry of a bundle names no bundle") }
      self = .bundle(result.files[0].blob)
    case let line where line.hasPrefix("mechanics "):
      throw Refusal(
        "an entry is in the newer format '\(line.dropLast())': use a newer mechanics",
        isOfNewer: true)
    default:
      throw Refusal("an entry was not written by mechanics")
    }
  }
}

extension Record {
  /// Checks what a record from elsewhere says of itself, so that nothing that is done with a sound one
  /// can fail on it: no size or time that a sum could overflow, no name that moves a terminal's cursor.
  func check(_ key: Digest) throws(Refusal) {
    guard self.key == key, Digest(of: preimage) == key else {
      throw Refusal("a record lies under another key than its own")
    }
    guard ([details] + outputs).allSatisfy({ $0.size < 1 << 40 }), (0..<1 << 40).contains(time),
      seconds >= 0, seconds < 1e12
    else { throw Refusal("a record has a size or a time that cannot be") }
    guard producer.utf8.count <= 1024, producer.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
      throw Refusal("a record's producer is no name")
    }
  }
}

/// Why something that a remote sent was not believed.
package struct Refusal: Error, CustomStringConvertible {
  package let description: String
  /// Whether a newer program may well believe it.
  let isOfNewer: Bool

  init(_ description: String, isOfNewer: Bool = false) {
    (self.description, self.isOfNewer) = (description, isOfNewer)
  }
}
