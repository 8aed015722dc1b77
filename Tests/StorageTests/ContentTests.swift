import Canonical
import Glibc
import StorageToys
import Testing

@testable import Storage

/// Blobs of more than one piece go from file to file.
struct ContentTests {
  private let folder: StoreFolder
  private let store: Store
  private let bytes = (0..<5 << 19).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }

  init() throws {
    folder = try StoreFolder()
    store = try folder.store
  }

  /// The bytes in a scratch file.
  private func scratch() throws -> Content {
    let scratch = try store.scratch()
    try bytes.withUnsafeBytes { try scratch.append($0) }
    return scratch.content
  }

  @Test func itsPiecesAreItsBytes() throws {
    for content in [.bytes(bytes), try scratch()] {
      var (pieces, read, count) = (content.pieces, [UInt8](), 0)
      while let piece = try pieces.next() {
        read += piece
        count += 1
      }
      #expect(read == bytes && count == 3)
      #expect(try content.bytes() == bytes)
      #expect(try content.digest() == Digest(of: bytes))
      #expect(try content.read(at: bytes.count - 7, count: 100) == bytes.suffix(7))
    }
  }

  @Test func aFileGoesIntoThePackAndOutOfItInPieces() throws {
    let blob = Blob(of: bytes)
    try store.add([(blob, scratch())])
    try store.commit(Work(1))
    guard case .part = try folder.store.content(of: blob) else {
      throw StoreError.missing(blob.digest)
    }
    #expect(try folder.store.read(blob) == bytes)
    #expect(try folder.store.holds(Work(1)))
    #expect(try store.verify().isSound)
  }

  @Test func aDamagedByteFarInIsFound() throws {
    let blob = Blob(of: bytes)
    try store.add([(blob, scratch())])
    var pack = try folder.bytes("pack")
    pack[bytes.count - 1] ^= 1
    try folder.write(pack, "pack")
    #expect(throws: StoreError.damaged(blob.digest)) { try store.content(of: blob) }
    #expect(throws: StoreError.missing(blob.digest)) { try store.content(of: blob) }
    try store.add([(blob, scratch())])
    #expect(try store.content(of: blob).digest() == blob.digest)
  }

  /// Bytes that are not there when they are copied leave no entry that names them.
  @Test func aFileThatLostItsEndIsNotAdded() throws {
    let blob = Blob(of: bytes)
    let file = try File("\(folder.path)/file", O_RDWR | O_CREAT)
    try file.write(bytes, at: 0)
    let content = try Content(of: file)
    try file.truncate(to: 2 << 20)
    #expect(throws: StoreError.self) { try store.add([(blob, content)]) }
    #expect(!store.contains(blob))
    try store.commit(Work(1))
    #expect(try folder.store.holds(Work(1)))
  }

  @Test func aCollectionCopiesIt() throws {
    let work = Work(1, size: 3 << 20)
    try store.commit(work)
    try store.commit(Work(2, time: 1))
    var policy = CollectionPolicy()
    (policy.age, policy.grace) = (100, 0)
    #expect(try store.collect(policy, now: 1050).kept == 1)
    #expect(try store.holds(work) && store.record(for: Work(2).key) == nil)
  }
}
