import Canonical
import StorageToys
import Testing

@testable import Storage

@Suite struct CommitTests {
  @Test func whatIsCommittedIsFound() throws {
    let folder = try StoreFolder()
    let store = try folder.store
    let work = Work(1)
    #expect(store.record(for: work.key) == nil)
    try store.commit(work)
    #expect(try store.holds(work))
    #expect(try store.read(work.record.details) == work.details)
    #expect(try store.read(contentOf: Digest(of: work.outputs[0])) == work.outputs[0])
  }

  @Test func aStoreOpenedAgainHoldsTheSame() throws {
    let folder = try StoreFolder()
    let works = (0..<50).map { Work($0) }
    do {
      let store = try folder.store
      for work in works { try store.commit(work) }
    }
    let store = try folder.store
    for work in works { #expect(try store.holds(work)) }
    #expect(store.records().map(\.key) == works.map(\.key).sorted())
  }

  @Test func contentsAreKeptOnce() throws {
    let folder = try StoreFolder()
    let store = try folder.store
    var (first, second) = (Work(1), Work(2))
    first.outputs = [[1, 2, 3], [1, 2, 3]]
    second.outputs = [[1, 2, 3]]
    second.details = first.details
    try store.commit(first)
    try store.commit(second)
    #expect(try folder.bytes("pack").count == 3 + first.details.count)
    #expect(try store.holds(first) && store.holds(second))
  }

  @Test func anEmptyOutputIsABlob() throws {
    let folder = try StoreFolder()
    var work = Work(1)
    work.outputs = [[]]
    try folder.store.commit(work)
    let store = try folder.store
    #expect(try store.holds(work) && store.contains(Blob(of: [])))
  }

  @Test func theLaterRecordOfAKeyCounts() throws {
    let folder = try StoreFolder()
    try folder.store.commit(Work(1, time: 1))
    try folder.store.commit(Work(1, time: 2))
    #expect(try folder.store.record(for: Work(1).key)?.time == 2)
  }

  @Test func whatIsNotHereIsMissing() throws {
    let store = try StoreFolder().store
    let blob = Blob(of: [1])
    #expect(!store.contains(blob))
    #expect(throws: StoreError.missing(blob.digest)) { try store.read(blob) }
  }

  @Test func infoCountsWhatIsHere() throws {
    let folder = try StoreFolder()
    let store = try folder.store
    for number in 0..<6 { try store.commit(Work(number)) }
    let info = try store.info()
    #expect(info.records == 6 && info.blobs == 15 && info.segments == 1)
    #expect(info.fileBytes == (try folder.bytes("log").count + folder.bytes("pack").count))
    #expect(info.bytes == (try folder.bytes("pack").count))
  }
}
