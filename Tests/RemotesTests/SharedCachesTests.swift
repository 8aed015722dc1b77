import Canonical
import Glibc
import Storage
import StorageToys
import Synchronization
import TestSupport
import Testing

@testable import Remotes

/// What comes from shared caches is checked, and what goes there is in order.
struct SharedCachesTests {
  private let folder: Folder
  private let near: Store
  private let far: Store
  private let memory = MemoryRemote()
  /// Longer than any upload takes on a busy machine.
  private let patience = Duration.seconds(600)

  init() throws {
    folder = try Folder()
    near = try Store(at: "\(folder.path)/near")
    far = try Store(at: "\(folder.path)/far")
  }

  private func caches(_ store: Store, required: Bool = false) -> SharedCaches {
    SharedCaches([(memory, false)], store, isRequired: required)
  }

  /// Puts a unit of work into the remote, as another machine would.
  private func share(_ work: Work) async throws -> Uploads.Report {
    try far.commit(work)
    let uploads = caches(far).uploads
    uploads.offer(work.record)
    return try await uploads.finish(within: patience)
  }

  @Test func blobsComeBeforeTheEntry() async throws {
    #expect(try await share(Work(1)).sent == 1)
    #expect(memory.puts.map(\.kind) == [.blob, .blob, .blob, .entry])
  }

  @Test func onlyTheEntryIsFetchedUntilOutputsAreWanted() async throws {
    _ = try await share(Work(1))
    let caches = caches(near)
    let record = try #require(try await caches.find(Work(1).wanted()))
    #expect(near.record(for: record.key)?.isBorrowed == true)
    #expect(memory.gets.count { $0.kind == .blob } == 0)
    #expect(try await caches.bring(record.outputs).isEmpty)
    #expect(try record.outputs.map(near.read) == Work(1).outputs)
  }

  @Test func anEntryWithAMissingBlobIsAMiss() async throws {
    _ = try await share(Work(1))
    memory.change(RemoteItem(.blob, Digest(of: Work(1).outputs[0]))) { _ in nil }
    #expect(try await caches(near).find(Work(1).wanted(true)) == nil)
    #expect(near.record(for: Work(1).key) == nil)
  }

  @Test func wrongBytesAreRefusedAndCounted() async throws {
    _ = try await share(Work(1))
    memory.change(RemoteItem(.blob, Digest(of: Work(1).outputs[1]))) { _ in [1, 2, 3] }
    let caches = caches(near)
    #expect(try await caches.find(Work(1).wanted(true)) == nil)
    #expect(caches.refused.map(\.count) == [1])
  }

  /// What has more than one piece never is in memory as a whole, and leaves no file behind.
  @Test func aBigBlobGoesThroughTheDisk() async throws {
    let work = Work(1, size: 5 << 19)
    _ = try await share(work)
    let caches = caches(near)
    let blob = work.record.outputs[1]
    let content = try #require(try await caches.members[0].content(blob, for: near))
    guard case .part = content else { throw Failure("it is in memory") }
    let record = try #require(try await caches.find(work.wanted(true)))
    #expect(try record.outputs.map(near.read) == work.outputs)
    #expect(!Folder.names(near.path).contains { $0.hasPrefix("scratch") })
  }

  @Test(arguments: ["an altered byte", "no end", "a longer end", "nothing"])
  func aBigBlobThatIsNotWhatItShouldBeIsRefused(fault: String) async throws {
    let work = Work(1, size: 5 << 19)
    _ = try await share(work)
    memory.change(RemoteItem(.blob, work.record.outputs[1].digest)) { bytes in
      var bytes = bytes!
      switch fault {
      case "an altered byte": bytes[bytes.count - 2] ^= 1
      case "no end": bytes.removeLast()
      case "a longer end": bytes.append(0)
      default: bytes = []
      }
      return bytes
    }
    let caches = caches(near)
    #expect(try await caches.find(work.wanted(true)) == nil)
    #expect(caches.refused.map(\.count) == [1])
    #expect(!near.contains(work.record.outputs[1]))
  }

  /// That is an error of this machine, and the remote is not to blame.
  @Test func aDiskThatCannotTakeABigBlobIsAnError() async throws {
    let work = Work(1, size: 5 << 19)
    _ = try await share(work)
    let caches = caches(near)
    rename(near.path, "\(folder.path)/gone")
    await #expect(throws: StoreError.self) { try await caches.bring(work.record.outputs) }
    #expect(caches.refused.isEmpty && !caches.isEmpty)
  }

  @Test func aDamagedBigBlobIsNeverSent() async throws {
    let work = Work(1, size: 5 << 19)
    try near.commit(work)
    let pack = "\(near.path)/segments/000001.pack"
    var bytes = try Folder.bytes(pack)
    bytes[bytes.count - 1] ^= 1
    try Folder.write(pack, bytes)
    let uploads = caches(near).uploads
    uploads.offer(work.record)
    #expect(try await uploads.finish(within: patience).unsent == 1)
    #expect(memory.items.keys.allSatisfy { $0.kind == .blob })
    #expect(memory.items[RemoteItem(.blob, work.record.outputs[1].digest)] == nil)
  }

  @Test func otherBytesUnderOneKeyAreReportedAndNotOverwritten() async throws {
    _ = try await share(Work(1))
    let before = memory.items
    var other = Work(1)
    other.outputs[0] = [9]
    other.producer = "bad machine"
    try near.commit(other)
    let uploads = caches(near).uploads
    uploads.offer(other.record)
    let report = try await uploads.finish(within: patience)
    let conflict = try #require(report.conflicts.first)
    #expect(conflict.producers.here == "bad machine" && conflict.producers.there == "test")
    #expect(memory.items == before)
  }

  @Test func aRemoteThatFailsIsLeftOutAfterOneWarning() async throws {
    let warnings = Mutex<[String]>([])
    memory.failure.withLock { $0 = .transfer(remote: "memory", "down") }
    let caches = SharedCaches([(memory, false)], near) { line in
      warnings.withLock { $0.append(line) }
    }
    for number in 0..<20 { #expect(try await caches.find(Work(number).wanted()) == nil) }
    #expect(caches.isEmpty && warnings.withLock { $0.count } == 1)
    #expect(memory.gets.count <= 4)
  }

  @Test func aRequiredRemoteThatFailsIsAnError() async throws {
    memory.failure.withLock { $0 = .status(remote: "memory", 500) }
    await #expect(throws: RemoteError.self) {
      try await caches(near, required: true).find(Work(1).wanted())
    }
  }

  /// What is on its way when the time is over is not sent, and is not counted again when it arrives.
  @Test func anUploadThatIsLateIsCountedOnce() async throws {
    try near.commit(Work(1))
    try near.commit(Work(2))
    memory.isHeld.withLock { $0 = true }
    let uploads = caches(near).uploads
    uploads.offer(Work(1).record)
    while memory.arrived == 0 { try await Task.sleep(for: .milliseconds(1)) }
    let late = try await uploads.finish(within: .zero)
    #expect(late.unsent == 1 && late.sent == 0)
    memory.isHeld.withLock { $0 = false }
    uploads.offer(Work(2).record)
    let rest = try await uploads.finish(within: patience)
    #expect(rest.unsent == 0 && rest.sent == 1)
  }

  @Test func anEntryThatCannotBeReadIsReplaced() async throws {
    _ = try await share(Work(1))
    let item = RemoteItem(.entry, Work(1).key)
    let whole = memory.items[item]
    memory.change(item) { _ in [] }
    #expect(try await share(Work(1)).sent == 1)
    #expect(memory.items[item] == whole)
  }

  @Test func anEntryOfANewerFormatStays() async throws {
    let item = RemoteItem(.entry, Work(1).key)
    let newer = ActionResult(output: Array("mechanics record 2\nmore".utf8)).bytes
    memory.change(item) { _ in newer }
    _ = try await share(Work(1))
    #expect(memory.items[item] == newer)
  }

  /// Whatever an entry says, no more is fetched than a bundle may have.
  @Test func whatIsTooLargeForABundleIsNotFetched() async throws {
    let blob = Blob(digest: Digest(of: "large"), size: Bundle.limit + 1)
    let entry = RemoteItem(.entry, Digest(of: "key"))
    memory.change(entry) { _ in SharedEntry.bundle(blob).bytes }
    memory.change(RemoteItem(.blob, blob.digest)) { _ in [1] }
    let collection = try await RemoteInventory(memory).plan(CollectionPolicy(), now: 0)
    #expect(collection.entries == [entry])
    #expect(memory.gets == [entry])
  }

  @Test func aReadOnlyOneIsNeverWritten() async throws {
    try near.commit(Work(1))
    let caches = SharedCaches([(memory, true)], near)
    #expect(caches.uploads.isEmpty)
    caches.uploads.offer(Work(1).record)
    _ = try await caches.uploads.finish(within: patience)
    #expect(memory.items.isEmpty)
  }

  @Test func collectionGoesByProducerAndTakesItsBlobs() async throws {
    var bad = Work(2)
    bad.producer = "bad machine"
    _ = try await share(Work(1))
    _ = try await share(bad)
    var policy = CollectionPolicy()
    policy.producer = "bad"
    policy.grace = 0
    let inventory = try await RemoteInventory(memory)
    let collection = try await inventory.plan(policy, now: 1_800_000_000)
    #expect(collection.records.removed.map(\.record.key) == [bad.key])
    try await inventory.remove(collection)
    let after = try await RemoteInventory(memory)
    #expect(after.records.map(\.key) == [Work(1).key])
    #expect(after.records.allSatisfy(after.isComplete))
    #expect(after.blobs.count == 3)
  }
}
