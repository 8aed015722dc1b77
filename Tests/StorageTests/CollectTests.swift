import Canonical
import Foundation
import StorageToys
import Testing

@testable import Storage

@Suite struct CollectTests {
  private let folder: StoreFolder
  private let store: Store
  /// Made at 0 s, 1000 s, … 9000 s.
  private let works = (0..<10).map { Work($0, size: 1000, time: 1000 * $0) }
  private let now = 10_000

  init() throws {
    folder = try StoreFolder()
    store = try folder.store
    for work in works { try store.commit(work) }
  }

  private func policy(_ change: (inout CollectionPolicy) -> Void) -> CollectionPolicy {
    var policy = CollectionPolicy()
    policy.grace = 0
    change(&policy)
    return policy
  }

  /// Collects, and checks that the dry run said so and that what is kept can be read.
  private func collect(_ policy: CollectionPolicy) throws -> [Int] {
    let plan = store.planCollection(policy, now: now)
    let done = try store.collect(policy, now: now)
    #expect(plan.removed.map(\.record) == done.removed.map(\.record))
    #expect(plan.removed.map(\.reason) == done.removed.map(\.reason))
    #expect(plan.kept == done.kept && plan.bytesAfter == done.bytesAfter)
    #expect(plan.bytesBefore == done.bytesBefore)
    let gone = Set(done.removed.map(\.record.key))
    for store in [store, try folder.store] {
      for work in works {
        if gone.contains(work.key) {
          #expect(store.record(for: work.key) == nil)
          #expect(!store.contains(work.record.outputs[1]))
        } else {
          #expect(try store.holds(work))
        }
      }
      #expect(try store.verify().isSound)
    }
    return works.filter { !gone.contains($0.key) }.map(\.number)
  }

  @Test func nothingGoesWithoutAReason() throws {
    #expect(try collect(policy { _ in }) == Array(0..<10))
  }

  @Test func theOldGo() throws {
    #expect(try collect(policy { $0.age = 5000 }) == Array(5..<10))
  }

  /// A producer alone says what goes: what is not needed either stays.
  @Test func aProducersRecordsGoAndNoOthers() throws {
    let needed = Set(works[..<3].map(\.key))
    let others = policy { ($0.producer, $0.reachable) = ("nobody", needed) }
    #expect(try collect(others) == Array(0..<10))
    let producer = works[0].record.producer
    let all = policy { ($0.producer, $0.reachable) = (producer, needed) }
    #expect(try collect(all) == [], "also what is needed")
  }

  @Test func theOldestGoUntilTheRestFits() throws {
    #expect(try collect(policy { $0.bytes = 3200 }) == Array(7..<10))
  }

  @Test func theUnreachableGo() throws {
    let roots = Set([2, 4, 8].map { works[$0].key })
    #expect(try collect(policy { $0.reachable = roots }) == [2, 4, 8])
  }

  /// Age and size are for what nobody needs.
  @Test(
    arguments: [
      (5000, nil, [2, 5, 6, 7, 8, 9]), (nil, 4200, [2, 7, 8, 9]), (nil, 0, [2, 8]),
      (5000, 4200, [2, 7, 8, 9]),
    ] as [(Int?, Int?, [Int])])
  func whatIsNeededStaysHoweverOldOrLarge(age: Int?, bytes: Int?, kept: [Int]) throws {
    let policy = policy {
      $0.reachable = Set([2, 8].map { works[$0].key })
      ($0.age, $0.bytes) = (age, bytes)
    }
    #expect(try collect(policy) == kept)
  }

  /// A collection was killed between the log and the pack of a segment.
  @Test func aPackWithoutALogGoes() throws {
    try folder.write([1, 2, 3], "pack", segment: 2)
    #expect(try collect(policy { _ in }) == Array(0..<10))
    #expect(access(folder.file("pack", segment: 1), F_OK) != 0)
    #expect(try folder.bytes("pack", segment: 2).count == store.info().bytes)
  }

  @Test func theYoungStay() throws {
    let policy = policy {
      $0.age = 0
      $0.bytes = 0
      $0.reachable = []
      $0.grace = 2001
    }
    #expect(try collect(policy) == [8, 9])
  }

  @Test func everythingMayGo() throws {
    #expect(try collect(policy { $0.bytes = 0 }) == [])
    #expect(try folder.segmentCount == 0)
    try store.commit(works[0])
    #expect(try folder.store.holds(works[0]))
  }

  @Test func aBlobThatAKeptRecordNeedsStays() throws {
    var (old, new) = (Work(20, time: 0), Work(21, time: 9000))
    old.outputs = [[1, 2, 3, 4]]
    new.outputs = old.outputs
    try store.commit(old)
    try store.commit(new)
    _ = try collect(policy { $0.age = 1500 })
    #expect(try store.holds(new))
    #expect(store.record(for: old.key) == nil)
  }

  @Test func roomIsGivenBack() throws {
    let before = try store.info().fileBytes
    _ = try collect(policy { $0.reachable = [works[0].key] })
    #expect(try store.info().fileBytes < before / 5)
  }

  @Test func whatAnotherUsesIsNotCollected() throws {
    let other = try folder.store
    #expect(throws: StoreError.inUse(folder.path)) {
      try store.collect(policy { $0.bytes = 0 }, now: now)
    }
    for work in works { #expect(try other.holds(work)) }
    withExtendedLifetime(other) {}
  }

  /// Neither loses its hold on the store by asking, so neither can collect under the other.
  @Test func twoThatAskAtOnceAreBothRefused() throws {
    let other = try folder.store
    for store in [store, other, store, other] {
      #expect(throws: StoreError.inUse(folder.path)) {
        try store.collect(policy { $0.bytes = 0 }, now: now)
      }
    }
  }

  @Test func theStoreIsSharedAgainAfterwards() throws {
    _ = try collect(policy { $0.age = 5000 })
    let other = try folder.store
    try other.commit(Work(30))
    try store.commit(Work(31))
    try store.refresh()
    #expect(try store.holds(Work(30)))
  }

  @Test func recordsWithoutTheirOutputsGo() throws {
    var pack = try folder.bytes("pack")
    pack[pack.count - 1] ^= 1
    try folder.write(pack, "pack")
    #expect(throws: StoreError.self) { try store.read(works[9].record.outputs[1]) }
    let done = try store.collect(policy { _ in }, now: now)
    #expect(done.removed.map(\.record.key) == [works[9].key])
    #expect(done.removed.map(\.reason) == [.incomplete] && done.kept == 9)
  }

  /// The dry run does not read the blobs, so that it cannot know.
  @Test func damageThatOnlyReadingFindsIsReported() throws {
    var pack = try folder.bytes("pack")
    pack[pack.count - 1] ^= 1
    try folder.write(pack, "pack")
    let done = try store.collect(policy { _ in }, now: now)
    #expect(done.removed.map(\.reason) == [.incomplete] && done.kept == 9)
    for work in works[..<9] { #expect(try store.holds(work)) }
  }

  @Test func recordsKeepTheirOutputsWithoutTheirDetails() throws {
    var pack = try folder.bytes("pack")
    pack[0] ^= 1
    try folder.write(pack, "pack")
    let done = try store.collect(policy { _ in }, now: now)
    #expect(done.removed.isEmpty)
    #expect(try store.holds(works[0]))
  }

  @Test func aSweepOfManyRecordsIsLinear() throws {
    let folder = try StoreFolder()
    let store = try folder.store
    for number in 0..<5000 { try store.commit(Work(number, size: 4, time: number)) }
    let done = store.planCollection(policy { $0.bytes = 0 }, now: 100_000)
    #expect(done.removed.count == 5000 && done.bytesAfter == 0)
  }
}
