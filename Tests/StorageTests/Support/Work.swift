import Canonical

@testable import Storage

/// A toy unit of work: its record and its outputs follow from its number.
struct Work {
  let number: Int
  var outputs: [[UInt8]]
  var details: [UInt8]
  var time = 1000

  init(_ number: Int, size: Int = 20, time: Int = 1000) {
    self.number = number
    self.time = time
    outputs = [
      Array("first output of \(number)".utf8),
      (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) },
    ]
    details = Array("details \(number % 3)".utf8)
  }

  var preimage: [UInt8] { Array("work \(number)".utf8) }
  var key: Digest { Digest(of: preimage) }
  var record: Record {
    Record(
      key: key, preimage: preimage, details: Blob(of: details),
      outputs: outputs.map(Blob.init(of:)),
      producer: "test", time: time, seconds: 0.5)
  }
}

extension Store {
  func commit(_ work: Work) throws(StoreError) {
    try commit(work.record, outputs: work.outputs, details: work.details)
  }

  /// Whether the work is here, and all of it is what it should be.
  func holds(_ work: Work) throws -> Bool {
    guard record(for: work.key) == work.record else { return false }
    return try work.record.outputs.map(read) == work.outputs
  }
}
