import Canonical
import Foundation
import StorageToys
import Testing

@testable import Storage

/// Locks belong to open files, so that two stores of one process are to one another as those of two.
@Suite struct SharingTests {
  @Test func refreshSeesWhatTheOtherAdded() throws {
    let folder = try StoreFolder()
    let (left, right) = (try folder.store, try folder.store)
    for number in 0..<20 {
      try (number % 2 == 0 ? left : right).commit(Work(number))
    }
    #expect(right.record(for: Work(0).key) == nil)
    for store in [left, right] {
      try store.refresh()
      for number in 0..<20 { #expect(try store.holds(Work(number))) }
    }
    #expect(try folder.segmentCount == 2, "each writes to a segment of its own")
  }

  @Test func aSegmentIsTakenOverWhenItsWriterIsGone() throws {
    let folder = try StoreFolder()
    for number in 0..<5 { try folder.store.commit(Work(number)) }
    #expect(try folder.segmentCount == 1)
  }

  @Test func claimsKeepOthersAway() throws {
    let folder = try StoreFolder()
    let (left, right) = (try folder.store, try folder.store)
    let claim = try left.claim(Work(1).key)
    #expect(claim != nil)
    #expect(try right.claim(Work(1).key) == nil)
    #expect(try right.claim(Work(2).key) != nil)
    withExtendedLifetime(claim) {}
  }

  @Test func aClaimKeepsItsOwnStoreAwayToo() throws {
    let store = try StoreFolder().store
    var claim = try store.claim(Work(1).key)
    #expect(try store.claim(Work(1).key) == nil)
    withExtendedLifetime(claim) {}
    claim = nil
    #expect(try store.claim(Work(1).key) != nil)
  }

  @Test func aClaimEndsWhenItIsLetGo() throws {
    let folder = try StoreFolder()
    let (left, right) = (try folder.store, try folder.store)
    var claim = try left.claim(Work(1).key)
    withExtendedLifetime(claim) {}
    claim = nil
    #expect(try right.claim(Work(1).key) != nil)
  }

  @Test func aClaimIsOfOneAtATime() async throws {
    let folder = try StoreFolder()
    let stores = try (0..<4).map { _ in try folder.store }
    let holders = Counter()
    await withTaskGroup(of: Void.self) { group in
      for store in stores {
        group.addTask {
          for _ in 0..<2000 {
            guard let claim = try? store.claim(Work(1).key) else { continue }
            holders.enter()
            holders.leave()
            withExtendedLifetime(claim) {}
          }
        }
      }
    }
    #expect(holders.most == 1)
  }

  /// Many open one new folder at once; none takes another's half-made store for a stranger's.
  @Test func aNewStoreIsMadeByManyAtOnce() async throws {
    for _ in 0..<20 {
      let folder = try StoreFolder()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<4 {
          group.addTask {
            let store = try folder.store
            try store.commit(Work(number))
            try store.refresh()
          }
        }
        try await group.waitForAll()
      }
      let store = try folder.store
      for number in 0..<4 { #expect(try store.holds(Work(number))) }
    }
  }

  @Test func manyWriteAtOnce() async throws {
    let folder = try StoreFolder()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          let store = try folder.store
          for number in 0..<100 {
            try store.commit(Work(1000 * writer + number))
            try store.refresh()
          }
        }
      }
      try await group.waitForAll()
    }
    let store = try folder.store
    for writer in 0..<4 {
      for number in 0..<100 { #expect(try store.holds(Work(1000 * writer + number))) }
    }
    #expect(try store.verify().isSound)
  }
}
