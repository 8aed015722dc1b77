import Canonical
import Storage

/// All that a remote holds, where its protocol has lists: what `info`, `verify` and `gc` look at.
package struct RemoteInventory: Sendable {
  package let remote: any Remote
  package private(set) var records: [Record] = []
  /// The bundles, by the keys of their entries.
  private var bundles: [(entry: RemoteListing, blob: Blob)] = []
  /// Entries that cannot be believed, and why not.
  package private(set) var refused: [(item: RemoteItem, reason: String, time: Int)] = []
  /// Every blob that is there.
  package let blobs: [RemoteListing]
  private let here: [Digest: Int]

  /// Requests at a time.
  private static let width = 64

  /// Lists a remote and reads its entries.
  package init(_ remote: any Remote) async throws(RemoteError) {
    self.remote = remote
    let entries = try await remote.list(.entry)
    blobs = try await remote.list(.blob)
    here = Dictionary(blobs.map { ($0.item.digest, $0.size) }, uniquingKeysWith: { $1 })
    let read = try await RemoteInventory.each(entries) { listing throws(RemoteError) in
      try await remote.download(listing.item, limit: Member.entryLimit)
    }
    for (listing, download) in zip(entries, read) {
      guard let download else { continue }
      do throws(Refusal) {
        switch try SharedEntry(download.all(), key: listing.item.digest) {
        case .record(let record): records.append(record)
        case .bundle(let blob): bundles.append((listing, blob))
        }
      } catch {
        refused.append((listing.item, error.description, listing.time))
      }
    }
  }

  package var bytes: Int { blobs.reduce(0) { $0 + $1.size } }

  /// Whether all outputs of a record are there with their sizes.
  package func isComplete(_ record: Record) -> Bool {
    ([record.details] + record.outputs).allSatisfy { here[$0.digest] == $0.size }
  }

  /// Fetches and hashes every blob.
  /// - Returns: those whose bytes are not what their name stands for.
  package func damagedBlobs() async throws(RemoteError) -> [RemoteItem] {
    let sound = try await RemoteInventory.each(blobs) { listing throws(RemoteError) -> Bool? in
      let download = Download(limit: listing.size, .nothing)
      return try await remote.get(listing.item, into: download)
        ? download.isBlob(listing.item.digest, size: listing.size) : nil
    }
    return zip(blobs, sound).filter { $0.1 == false }.map(\.0.item)
  }

  /// What each of some items gives, in their order; as many at a time as a remote bears.
  private static func each<Value: Sendable>(
    _ listings: [RemoteListing],
    _ body: @escaping @Sendable (RemoteListing) async throws(RemoteError) -> Value?
  ) async throws(RemoteError) -> [Value?] {
    var values = [Value?](repeating: nil, count: listings.count)
    var failure: RemoteError?
    await withTaskGroup(of: (Int, Result<Value?, RemoteError>).self) { group in
      func take(_ ended: (Int, Result<Value?, RemoteError>)) {
        switch ended.1 {
        case .success(let value): values[ended.0] = value
        case .failure(let error): failure = failure ?? error
        }
      }
      for (number, listing) in listings.enumerated() where failure == nil {
        if number >= width, let ended = await group.next() { take(ended) }
        group.addTask {
          do throws(RemoteError) {
            return (number, .success(try await body(listing)))
          } catch {
            return (number, .failure(error))
          }
        }
      }
      for await ended in group { take(ended) }
    }
    if let failure { throw failure }
    return values
  }
}

extension RemoteInventory {
  /// What a collection removes from a remote.
  package struct Collection: Sendable {
    /// The records that go, and why.
    package let records: Store.Collection
    /// Entries that go beside them: bundles that hold one of these records, and what is no entry.
    package let entries: [RemoteItem]
    /// Blobs that no entry names which stays.
    package let blobs: [RemoteListing]
  }

  /// Says what a collection would remove.
  ///
  /// A blob that no entry names stays while it is younger than the grace: its entry may be on its way.
  package func plan(
    _ policy: CollectionPolicy, now: Int
  ) async throws(RemoteError) -> Collection {
    let judged = policy.judge(records, now: now, isComplete: isComplete)
    let gone = Set(judged.removed.map(\.record.key))
    let kept = Dictionary(
      records.filter { !gone.contains($0.key) }.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
    var named = Set(kept.values.flatMap { [$0.details] + $0.outputs }.map(\.digest))
    var entries = refused.filter { now - $0.time >= policy.grace }.map(\.item)
    for (entry, blob) in bundles {
      let bytes =
        blob.size <= Bundle.limit
        ? try await remote.get(RemoteItem(.blob, blob.digest), limit: blob.size) : nil
      let isKept = bytes.flatMap(Bundle.init)?.records.allSatisfy {
        kept[$0.key]?.outputs == $0.outputs && policy.keeps($0)
      }
      if isKept == true { named.insert(blob.digest) } else { entries.append(entry.item) }
    }
    return Collection(
      records: judged, entries: entries,
      blobs: blobs.filter { !named.contains($0.item.digest) && now - $0.time >= policy.grace })
  }

  /// Removes it: entries first, so that none is left whose blobs are gone.
  package func remove(_ collection: Collection) async throws(RemoteError) {
    for (record, _) in collection.records.removed {
      try await remote.remove(RemoteItem(.entry, record.key))
    }
    for item in collection.entries { try await remote.remove(item) }
    for listing in collection.blobs { try await remote.remove(listing.item) }
  }
}

extension CollectionPolicy {
  /// Whether a record's producer is not one whose records go.
  fileprivate func keeps(_ record: Record) -> Bool {
    producer.map { !record.producer.contains($0) } ?? true
  }
}
