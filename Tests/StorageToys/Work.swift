import Canonical
import Storage

/// A toy unit of work: its record and its outputs follow from its number.
package struct Work {
  package let number: Int
  package var outputs: [[UInt8]]
  package var details: [UInt8]
  package var producer = "test"
  package var time: Int

  package init(_ number: Int, size: Int = 20, time: Int = 1000) {
    self.number = number
    self.time = time
    outputs = [
      Array("first output of \(number)".utf8),
      (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) },
    ]
    details = Array("details \(number % 3)".utf8)
  }

  package var preimage: [UInt8] { Array("work \(number)".utf8) }
  package var key: Digest { Digest(of: preimage) }
  package var record: Record {
    Record(
      key: key, preimage: preimage, details: Blob(of: details),
      outputs: outputs.map(Blob.init(of:)), producer: producer, time: time, seconds: 0.5)
  }
}

extension Store {
  package func commit(_ work: Work) throws(StoreError) {
    try commit(work.record, outputs: work.outputs, details: work.details)
  }

  /// Whether the work is here, and all of it is what it should be.
  package func holds(_ work: Work) throws -> Bool {
    guard record(for: work.key) == work.record else { return false }
    return try work.record.outputs.map(read) == work.outputs
  }
}
