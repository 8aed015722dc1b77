import Canonical
import Foundation
import StorageToys
import Testing

@testable import Storage

@Suite struct DamagedLogTests {
  @Test func aFlippedBitCostsAtMostOneRecordAndMakesNoneWrong() throws {
    let folder = try StoreFolder()
    let works = (0..<3).map { Work($0) }
    let store = try folder.store
    for work in works { try store.commit(work) }
    let log = try folder.bytes("log")
    for place in log.indices {
      var damaged = log
      damaged[place] ^= 1 << (place % 8)
      try folder.write(damaged, "log")
      let store = try folder.store
      let records = works.compactMap { work in
        store.record(for: work.key).map { ($0, work.record) }
      }
      #expect(records.count >= works.count - 1, "bit of byte \(place)")
      for (found, right) in records { #expect(found == right) }
      #expect(store.records().count == records.count)
    }
  }

  @Test func aDamagedStretchIsReported() throws {
    let folder = try StoreFolder()
    let store = try folder.store
    for number in 0..<3 { try store.commit(Work(number)) }
    var log = try folder.bytes("log")
    log[20] ^= 1
    try folder.write(log, "log")
    let found = try folder.store.verify()
    #expect(found.damagedStretches == 1 && !found.isSound)
  }

  /// Marks without frames, and a length that points to the end: neither is searched twice.
  @Test func aLargeDamagedLogIsReadInLinearTime() {
    let frame = Log.frame([UInt8](repeating: 7, count: 100))
    var log = [UInt8](repeating: 0x6d, count: 20_000_000)
    withUnsafeBytes(of: Log.mark.littleEndian) { log.replaceSubrange(0..<4, with: $0) }
    withUnsafeBytes(of: UInt32(19_000_000).littleEndian) { log.replaceSubrange(4..<8, with: $0) }
    log += frame
    var found: [Range<Int>] = []
    // Searched twice from every mark, it would take hours.
    let (end, damaged) = log.withUnsafeBytes { Log.scan($0, from: 0) { found.append($0) } }
    #expect(end == log.count && damaged == 1)
    #expect(found == [20_000_016..<20_000_116])
  }

  @Test func garbageIsNoEntry() {
    for length in 0..<60 {
      let bytes = [UInt8](repeating: 2, count: length)
      bytes.withUnsafeBytes { #expect(Record(entry: $0) == nil) }
    }
  }

  @Test func noTruncatedEntryIsARecord() {
    let entry = Work(1).record.entry
    for length in 0..<entry.count {
      Array(entry[..<length]).withUnsafeBytes { #expect(Record(entry: $0) == nil) }
    }
    entry.withUnsafeBytes { #expect(Record(entry: $0) == Work(1).record) }
  }
}
