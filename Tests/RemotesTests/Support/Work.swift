import Canonical
import Storage
import TestSupport

@testable import Remotes

/// A toy unit of work: its record and its outputs follow from its number.
struct Work {
  let number: Int
  var outputs: [[UInt8]]
  let details: [UInt8]
  var producer = "test"

  init(_ number: Int, size: Int = 20) {
    self.number = number
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
      outputs: outputs.map(Blob.init(of:)), producer: producer, time: 1_700_000_000, seconds: 0.5)
  }

  func wanted(_ needsOutputs: Bool = false) -> SharedCaches.Wanted {
    SharedCaches.Wanted(
      key: key, details: details, detailsDigest: Digest(of: details), outputs: outputs.count,
      needsOutputs: needsOutputs)
  }
}

extension Store {
  func commit(_ work: Work) throws(StoreError) {
    try commit(work.record, outputs: work.outputs, details: work.details)
  }
}
