import Canonical
import StorageToys
import Testing

@testable import Storage

/// A writer that dies leaves the start of what it was writing.
@Suite struct TornLogTests {
  private let folder: StoreFolder
  private let works = (0..<4).map { Work($0) }
  /// Where the log ended after each commit.
  private let ends: [Int]

  init() throws {
    let folder = try StoreFolder()
    let store = try folder.store
    ends = try works.map { work in
      try store.commit(work)
      return try folder.bytes("log").count
    }
    self.folder = folder
  }

  @Test func everyEarlierRecordIsIntactWhereverTheLogIsTorn() throws {
    let log = try folder.bytes("log")
    for length in 0..<log.count {
      try folder.write(log[..<length], "log")
      let store = try folder.store
      for (work, end) in zip(works, ends) {
        #expect(try store.holds(work) == (end <= length), "torn at \(length)")
      }
    }
  }

  @Test func theStoreIsWrittenToWhereverTheLogIsTorn() throws {
    let log = try folder.bytes("log")
    let pack = try folder.bytes("pack")
    for length in 0..<log.count {
      try folder.write(log[..<length], "log")
      try folder.write(pack, "pack")
      try folder.store.commit(Work(9))
      let store = try folder.store
      #expect(try store.holds(Work(9)), "torn at \(length)")
      for (work, end) in zip(works, ends) where end <= length { #expect(try store.holds(work)) }
      #expect(try store.verify().damagedStretches == 0, "the torn frame is gone")
      #expect(try folder.segmentCount == 1)
    }
  }

  /// A reader that saw the torn tail reads on where another process wrote over it.
  @Test func aReaderFollowsAWriterThatDropsTheTornTail() throws {
    let log = try folder.bytes("log")
    for length in ends[2]..<log.count {
      try folder.write(log[..<length], "log")
      let reader = try folder.store
      let writer = try folder.store
      try writer.commit(Work(9))
      try reader.refresh()
      #expect(try reader.holds(Work(9)) && reader.holds(works[2]), "torn at \(length)")
      try reader.commit(Work(10))
      try writer.refresh()
      #expect(try writer.holds(Work(10)))
    }
  }
}
