import Canonical
import Glibc

/// Which records a collection keeps.
package struct CollectionPolicy: Sendable {
  /// Records made more than so many seconds ago go.
  package var age: Int?
  /// The oldest records go until the blobs of the rest take at most so many bytes.
  package var bytes: Int?
  /// Records whose producer's name has this in it go, however young they are, and whatever needs them.
  package var producer: String?
  /// Where given, these records stay: those that the manifests reach. Age and size are for the
  /// others; where nothing else is given, all others go.
  package var reachable: Set<Digest>?
  /// Records younger than so many seconds always stay: a run may be about to use them.
  package var grace = 3600

  package init() {}
}

extension Store {
  /// What a collection removes, and why.
  package struct Collection: Sendable {
    package enum Reason: String, Sendable {
      case age = "older than the age given"
      case unreachable = "not needed by the manifests given"
      case size = "the oldest beyond the size given"
      case incomplete = "its outputs are damaged or gone"
      case producer = "made by the producer given"
    }

    package let removed: [(record: Record, reason: Reason)]
    package let kept: Int
    package let bytesBefore: Int
    package let bytesAfter: Int
  }

  /// Says what ``collect(_:now:)`` would remove, but for damage that only reading finds.
  package func planCollection(_ policy: CollectionPolicy, now: Int) -> Collection {
    policy.judge(records(), now: now) { $0.isBorrowed || $0.outputs.allSatisfy(contains) }
  }
}

extension CollectionPolicy {
  /// Which of some records go, and why.
  /// - Parameter isComplete: whether a record's outputs are there.
  package func judge(
    _ records: [Record], now: Int, isComplete: (Record) -> Bool
  ) -> Store.Collection {
    var kept: [Record] = []
    var removed: [(record: Record, reason: Store.Collection.Reason)] = []
    for record in records.sorted(by: { ($1.time, $1.key) < ($0.time, $0.key) }) {
      if let reason = reason(toRemove: record, now: now, isComplete) {
        removed.append((record, reason))
      } else {
        kept.append(record)
      }
    }
    var use = BlobUse(kept)
    let tooMany = removeOldest(of: &kept, &use, now: now)
    removed += tooMany.map { ($0, .size) }
    return Store.Collection(
      removed: removed, kept: kept.count,
      bytesBefore: BlobUse(kept + removed.map(\.record)).bytes, bytesAfter: use.bytes)
  }

  /// Takes the oldest away that may go, until the blobs of the rest fit into the size given.
  /// - Parameter kept: records, the youngest first.
  /// - Returns: those that go, the oldest first.
  private func removeOldest(
    of kept: inout [Record], _ use: inout BlobUse, now: Int
  ) -> [Record] {
    guard let bytes else { return [] }
    var (stays, goes): ([Record], [Record]) = ([], [])
    for record in kept.reversed() {
      if use.bytes > bytes, now - record.time >= grace, !isReachable(record) {
        use.remove(record)
        goes.append(record)
      } else {
        stays.append(record)
      }
    }
    kept = stays.reversed()
    return goes
  }

  private func isReachable(_ record: Record) -> Bool { reachable?.contains(record.key) == true }

  private func reason(
    toRemove record: Record, now: Int, _ isComplete: (Record) -> Bool
  ) -> Store.Collection.Reason? {
    if let producer, record.producer.contains(producer) { return .producer }
    if !isComplete(record) { return .incomplete }
    if now - record.time < grace || isReachable(record) { return nil }
    if let age, now - record.time > age { return .age }
    let isAlone = age == nil && bytes == nil && producer == nil
    return reachable != nil && isAlone ? .unreachable : nil
  }
}

extension Store {
  /// Removes what the policy does not keep, by writing the rest into a new segment.
  ///
  /// A crash at any instant leaves the old segments, or both, and both hold the same.
  /// - Throws: ``StoreError/inUse(_:)`` while another process has the store open.
  package func collect(_ policy: CollectionPolicy, now: Int) throws(StoreError) -> Collection {
    guard isWritable else { throw .readOnly(path) }
    guard try tryExclusive() else { throw .inUse(path) }
    defer { shareAgain() }
    try removeOrphans()
    try refresh()
    let plan = planCollection(policy, now: now)
    let gone = Set(plan.removed.map(\.record.key))
    let damaged = try rewrite(records().filter { !gone.contains($0.key) })
    return Collection(
      removed: plan.removed + damaged.map { ($0, .incomplete) },
      kept: plan.kept - damaged.count, bytesBefore: plan.bytesBefore,
      bytesAfter: damaged.isEmpty ? plan.bytesAfter : BlobUse(records()).bytes)
  }

  /// Removes packs without a log, which a collection left that was killed between the two.
  private func removeOrphans() throws(StoreError) {
    let names = try File.names(in: "\(path)/segments")
    for name in names where name.hasSuffix(".pack") && !names.contains("\(name.dropLast(4))log") {
      let file = "\(path)/segments/\(name)"
      guard unlink(file) == 0 else { throw .system("cannot remove", file, errno) }
    }
  }

  /// Copies the kept records into new segments and then drops the old ones.
  /// - Returns: the records that could not be copied, as their outputs are damaged.
  private func rewrite(_ kept: [Record]) throws(StoreError) -> [Record] {
    let old = inspect { $0.segments.map(\.number) }
    var fresh = State(
      folder: "\(path)/segments", writable: true, firstNumber: (old.max() ?? 0) + 1)
    var damaged: [Record] = []
    do throws(StoreError) {
      for record in kept {
        let here = record.isBorrowed ? record.outputs.filter(contains) : record.outputs
        if let outputs = try sound(here) {
          let details = try sound([record.details])
          let contents = Array(zip(here, outputs)) + zip([record.details], details ?? [])
          try fresh.add(contents, record)
        } else {
          damaged.append(record)
        }
      }
      try fresh.synchronize()
    } catch {
      try? remove(segments: fresh.segments.map(\.number))
      throw error
    }
    try remove(segments: old)
    restart()
    try refresh()
    return damaged
  }

  /// The bytes of `blobs`; nil where one is damaged or gone.
  private func sound(_ blobs: [Blob]) throws(StoreError) -> [Content]? {
    var contents: [Content] = []
    for blob in blobs {
      do throws(StoreError) {
        contents.append(try content(of: blob))
      } catch {
        guard error.lostBlob != nil else { throw error }
        return nil
      }
    }
    return contents
  }

  /// Removes segments, each log before its pack: a pack without a log is nobody's.
  private func remove(segments: [Int]) throws(StoreError) {
    for number in segments {
      for suffix in ["log", "pack"] {
        let file = Segment.path("\(path)/segments", number, suffix)
        guard unlink(file) == 0 else { throw .system("cannot remove", file, errno) }
      }
    }
  }
}

/// The bytes that some records' outputs take, each blob counted once.
private struct BlobUse {
  private(set) var bytes = 0
  private var counts: [Blob: Int] = [:]

  init(_ records: [Record]) {
    for blob in records.lazy.flatMap(\.outputs) {
      counts[blob, default: 0] += 1
      if counts[blob] == 1 { bytes += blob.size }
    }
  }

  mutating func remove(_ record: Record) {
    for blob in record.outputs {
      counts[blob]! -= 1
      if counts[blob] == 0 { bytes -= blob.size }
    }
  }
}
