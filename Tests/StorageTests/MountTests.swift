import Canonical
import Glibc
import StorageToys
import TestSupport
import Testing

@testable import Storage

@Suite(.enabled(if: Mount.isAllowed, "needs the right to mount a tmpfs"))
struct MountTests {
  @Test func aFullDiskIsSaidAndTheStoreStaysWhole() throws {
    let mount = try #require(try Mount(options: "size=1m"))
    let store = try Store(at: "\(mount.path)/store")
    var count = 0
    let error = try #require(throws: StoreError.self) {
      while count < 1000 {
        try store.commit(Work(count, size: 50_000))
        count += 1
      }
    }
    guard case .system("cannot write", let path, ENOSPC) = error else {
      Issue.record("not the error of a full disk: \(error)")
      return
    }
    #expect(path.hasPrefix(mount.path) && "\(error)".contains("make room"))
    #expect(count > 5 && count < 1000)
    for store in [store, try Store(at: "\(mount.path)/store")] {
      for number in 0..<count { #expect(try store.holds(Work(number, size: 50_000))) }
      #expect(store.record(for: Work(count).key) == nil)
      #expect(try store.verify().isSound)
    }
    let files = try File.names(in: "\(mount.path)/store/segments").map {
      try File("\(mount.path)/store/segments/\($0)", O_RDONLY).size()
    }
    #expect(try store.info().fileBytes == files.reduce(0, +), "what did not fit is taken back")
    try store.commit(Work(5000, size: 10))
    #expect(try store.holds(Work(5000, size: 10)), "what fits still goes in")
  }

  @Test func aCollectionOnAFullDiskLeavesTheStoreAsItWas() throws {
    let mount = try #require(try Mount(options: "size=1m"))
    let store = try Store(at: "\(mount.path)/store")
    for number in 0..<14 { try store.commit(Work(number, size: 50_000)) }
    var policy = CollectionPolicy()
    policy.reachable = Set((0..<13).map { Work($0).key })
    #expect(throws: StoreError.self) { try store.collect(policy, now: 100_000) }
    for number in 0..<14 { #expect(try store.holds(Work(number, size: 50_000))) }
    #expect(try File.names(in: "\(mount.path)/store/segments").count == 2)
    policy.reachable = [Work(1).key]
    _ = try store.collect(policy, now: 100_000)
    #expect(try store.holds(Work(1, size: 50_000)))
    #expect(store.records().count == 1)
  }

  @Test func aFolderThatCannotBeWrittenIsRead() throws {
    let mount = try #require(try Mount(options: "size=1m"))
    let path = "\(mount.path)/store"
    try Store(at: path).commit(Work(1))
    #expect(mount.remount(readOnly: true))
    let store = try Store(at: path)
    #expect(!store.isWritable)
    #expect(try store.holds(Work(1)))
    #expect(throws: StoreError.readOnly(path)) { try store.commit(Work(2)) }
    #expect(throws: StoreError.readOnly(path)) { try store.claim(Work(2).key) }
    #expect(throws: StoreError.readOnly(path)) { try store.collect(CollectionPolicy(), now: 0) }
    let error = try #require(throws: StoreError.self) { try Store(at: "\(mount.path)/new") }
    #expect("\(error)".contains("Read-only file system (choose a folder"))
  }
}
