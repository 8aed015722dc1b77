import Canonical
import Foundation
import StorageToys
import Testing

@testable import Storage

@Suite struct DamagedPackTests {
  private let folder: StoreFolder
  private let work = Work(1)
  private var blob: Blob { work.record.outputs[1] }

  init() throws {
    folder = try StoreFolder()
    try folder.store.commit(work)
  }

  /// Flips a bit of the last blob of the pack.
  private func damage(segment: Int = 1) throws {
    var pack = try folder.bytes("pack", segment: segment)
    pack[pack.count - 1] ^= 4
    try folder.write(pack, "pack", segment: segment)
  }

  @Test func readingADamagedBlobThrows() throws {
    try damage()
    let store = try folder.store
    #expect(store.contains(blob), "what is only looked up is not hashed")
    #expect(throws: StoreError.damaged(blob.digest)) { try store.read(blob) }
    #expect(!store.contains(blob))
    #expect(throws: StoreError.missing(blob.digest)) { try store.read(blob) }
  }

  @Test func aDamagedCopyIsCondemnedForGood() throws {
    try damage()
    #expect(throws: StoreError.self) { try folder.store.read(blob) }
    #expect(try !folder.store.contains(blob))
  }

  @Test func theBlobCanBeMadeAgain() throws {
    try damage()
    let store = try folder.store
    #expect(throws: StoreError.self) { try store.read(blob) }
    try store.commit(work)
    #expect(try store.holds(work))
    #expect(try folder.store.holds(work))
  }

  @Test func anotherCopyIsRead() throws {
    let first = try folder.store
    try first.commit(Work(2))
    var same = Work(3)
    same.outputs = [[9], [8, 7, 6]]
    let second = try folder.store
    // Both write the same blob, as neither has seen the other's.
    try first.commit(same)
    try second.commit(same)
    try damage(segment: 1)
    let store = try folder.store
    #expect(try store.holds(same))
    #expect(try store.verify().isSound)
  }

  /// The copy lies in a segment that the reader does not know yet when it reads of it.
  @Test func aCopyIsCondemnedBeforeItIsKnown() throws {
    let blob = Blob(of: [1, 2, 3])
    var state = State(folder: "\(folder.path)/segments", writable: true)
    try state.refresh()
    let entry = Entry.bytes(condemning: blob.digest, segment: 2, offset: 0)
    try folder.write(folder.bytes("log") + Log.frame(entry), "log")
    try state.refresh()
    try folder.write([1, 2, 3], "pack", segment: 2)
    try folder.write(Log.frame(Entry.bytes(blob: blob, offset: 0)), "log", segment: 2)
    try state.refresh()
    #expect(state.location(of: blob) == nil)
  }

  @Test func aPackThatLostItsEndDoesNotContainTheBlob() throws {
    let pack = try folder.bytes("pack")
    try folder.write(pack.dropLast(), "pack")
    let store = try folder.store
    #expect(!store.contains(blob))
    #expect(store.contains(work.record.outputs[0]))
    #expect(throws: StoreError.missing(blob.digest)) { try store.read(blob) }
  }

  /// Else other bytes would come where the lost ones are named.
  @Test func aPackThatLostItsEndIsNotWrittenToAgain() throws {
    let pack = try folder.bytes("pack")
    try folder.write(pack.dropLast(), "pack")
    let store = try folder.store
    try store.commit(Work(2))
    #expect(!store.contains(blob))
    #expect(try folder.bytes("pack") == pack.dropLast())
    #expect(try folder.store.holds(Work(2)))
  }
}
