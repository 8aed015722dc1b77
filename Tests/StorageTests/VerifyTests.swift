import Canonical
import StorageToys
import Testing

@testable import Storage

@Suite struct VerifyTests {
  @Test func aSoundStoreIsClean() throws {
    let folder = try StoreFolder()
    let store = try folder.store
    for number in 0..<10 { try store.commit(Work(number)) }
    let found = try store.verify()
    #expect(found.isSound)
    #expect(found.records == 10 && found.blobs == 23)
    #expect(found.bytes == (try folder.bytes("pack").count))
  }

  @Test func everyFlippedBitOfThePackIsFound() throws {
    let folder = try StoreFolder()
    let work = Work(1)
    try folder.store.commit(work)
    let pack = try folder.bytes("pack")
    for place in pack.indices {
      let copy = try folder.copy()
      var damaged = pack
      damaged[place] ^= 1 << (place % 8)
      try copy.write(damaged, "pack")
      let found = try copy.store.verify()
      #expect(found.damaged.count == 1 && !found.isSound, "bit of byte \(place)")
      #expect(found.incomplete == (place < work.details.count ? 0 : 1))
    }
  }

  @Test func aBlobThatIsGoneIsFound() throws {
    let folder = try StoreFolder()
    try folder.store.commit(Work(1))
    try folder.write([], "pack")
    let found = try folder.store.verify()
    #expect(found.damaged.count == 3 && found.incomplete == 1)
  }
}
