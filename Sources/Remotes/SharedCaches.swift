import Canonical
import Storage
import Synchronization

/// The shared caches of a run, in the order in which they are asked; there may be none.
///
/// Everything that comes from one is checked here before it is believed, and goes into the store.
package final class SharedCaches: Sendable {
  let members: [Member]
  let store: Store
  /// The records of bundles that were fetched, by key.
  private let bundled = Mutex<[Digest: Record]>([:])
  package let uploads: Uploads

  /// - Parameters:
  ///   - isRequired: whether one that fails is an error.
  ///   - warn: called with a line for people, at most a few times a run.
  package init(
    _ remotes: [(remote: any Remote, isReadOnly: Bool)], _ store: Store, isRequired: Bool = false,
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.store = store
    members = remotes.map {
      Member($0.remote, isReadOnly: $0.isReadOnly, isRequired: isRequired, warn: warn)
    }
    uploads = Uploads(members.filter { !$0.isReadOnly }, store)
  }

  /// No shared caches.
  package static func none(_ store: Store) -> SharedCaches { SharedCaches([], store) }

  /// Whether none can be asked.
  package var isEmpty: Bool { members.allSatisfy(\.isOut) }

  /// How many downloads were refused, by remote.
  package var refused: [(remote: String, count: Int)] {
    members.compactMap { $0.refused > 0 ? ($0.remote.name, $0.refused) : nil }
  }
}

extension SharedCaches {
  /// What is wanted: the record of a key.
  package struct Wanted: Sendable {
    package let key: Digest
    /// The bytes that its details must be.
    package let details: [UInt8]
    package let detailsDigest: Digest
    /// How many outputs it must have.
    package let outputs: Int
    /// Whether the outputs themselves are wanted now, and not only their names.
    package let needsOutputs: Bool

    package init(
      key: Digest, details: [UInt8], detailsDigest: Digest, outputs: Int, needsOutputs: Bool
    ) {
      (self.key, self.details, self.detailsDigest) = (key, details, detailsDigest)
      (self.outputs, self.needsOutputs) = (outputs, needsOutputs)
    }
  }

  /// Looks for a record, and puts it into the store.
  ///
  /// Outputs that are not wanted now stay where they are. A record some of whose wanted outputs cannot
  /// be had is not found.
  package func find(_ wanted: Wanted) async throws -> Record? {
    if let record = bundled.withLock({ $0[wanted.key] }), fits(record, wanted),
      try await take(record, wanted)
    {
      return record
    }
    for member in members where !member.isOut {
      guard case .record(let record)? = try await member.entry(wanted.key) else { continue }
      guard fits(record, wanted) else {
        member.refuse(RemoteItem(.entry, wanted.key), "a record has other outputs than its stage")
        continue
      }
      if try await take(record, wanted) { return record }
    }
    return nil
  }

  private func fits(_ record: Record, _ wanted: Wanted) -> Bool {
    record.outputs.count == wanted.outputs
      && record.details == Blob(digest: wanted.detailsDigest, size: wanted.details.count)
  }

  private func take(_ record: Record, _ wanted: Wanted) async throws -> Bool {
    if wanted.needsOutputs, try await !bring(record.outputs).isEmpty { return false }
    try store.borrow(record, details: wanted.details)
    return true
  }

  /// Brings blobs into the store that are not there.
  /// - Returns: those that no shared cache has.
  package func bring(_ blobs: some Sequence<Blob>) async throws -> [Blob] {
    let missing = Set(blobs).filter { !store.contains($0) }.sorted { $0.digest < $1.digest }
    return try await withThrowingTaskGroup(of: Blob?.self) { group in
      var lost: [Blob] = []
      for (number, blob) in missing.enumerated() {
        if number >= 128, let ended = try await group.next(), let blob = ended { lost.append(blob) }
        group.addTask { try await self.bring(blob) ? nil : blob }
      }
      for try await ended in group { if let blob = ended { lost.append(blob) } }
      return lost
    }
  }

  private func bring(_ blob: Blob) async throws -> Bool {
    for member in members where !member.isOut {
      guard let content = try await member.content(blob, for: store) else { continue }
      try store.add([(blob, content)])
      return true
    }
    return false
  }

  /// Fetches the bundles that lie under `keys`: their blobs go into the store, their records are at
  /// hand when they are looked for.
  package func fetchBundles(_ keys: [Digest]) async throws {
    for key in keys {
      for member in members where !member.isOut {
        guard case .bundle(let blob)? = try await member.entry(key), blob.size <= Bundle.limit,
          let content = try await member.content(blob, for: store)
        else { continue }
        guard let bundle = Bundle(try content.bytes()) else {
          member.refuse(RemoteItem(.blob, blob.digest), "it is no bundle, or not a sound one")
          continue
        }
        try store.add(bundle.contents.map { (Blob(of: $0), .bytes($0)) })
        bundled.withLock { bundled in
          for record in bundle.records { bundled[record.key] = record }
        }
        break
      }
    }
  }
}
