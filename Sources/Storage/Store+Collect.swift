import Canonical
import Glibc

/// Which records a collection keeps.
package struct CollectionPolicy: Sendable {
  /// Records made more than so many seconds ago go.
  package var age: Int?
  /// The oldest records go until the blobs of the rest take at most so many bytes.
  package var bytes: Int?
  /// Only these records stay, where given: those that the manifests reach.
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
    }

    package let removed: [(record: Record, reason: Reason)]
    package let kept: Int
    package let bytesBefore: Int
    package let bytesAfter: Int
  }

  /// Says what ``collect(_:now:)`` would remove, but for damage that only reading finds.
  package func planCollection(_ policy: CollectionPolicy, now: Int) -> Collection {
    var kept: [Record] = []
    var removed: [(record: Record, reason: Collection.Reason)] = []
    for record in records().sorted(by: { ($1.time, $1.key) < ($0.time, $0.key) }) {
      if let reason = reason(toRemove: record, policy, now: now) {
        removed.append((record, reason))
      } else {
        kept.append(record)
      }
    }
    var use = BlobUse(kept)
    while let limit = policy.bytes, use.bytes > limit, let oldest = kept.last,
      now - oldest.time >= policy.grace
    {
      use.remove(kept.removeLast())
      removed.append((oldest, .size))
    }
    return Collection(
      removed: removed, kept: kept.count,
      bytesBefore: BlobUse(kept + removed.map(\.record)).bytes, bytesAfter: use.bytes)
  }

  private func reason(
    toRemove record: Record, _ policy: CollectionPolicy, now: Int
  ) -> Collection.Reason? {
    let age = now - record.time
    if !record.outputs.allSatisfy(contains) { return .incomplete }
    if age < policy.grace { return nil }
    if let limit = policy.age, age > limit { return .age }
    if let roots = policy.reachable, !roots.contains(record.key) { return .unreachable }
    return nil
  }

  /// Removes what the policy does not keep, by writing the rest into a new segment.
  ///
  /// A crash at any instant leaves the old segments, or both, and both hold the same.
  /// - Throws: ``StoreError/inUse(_:)`` while another process has the store open.
  package func collect(_ policy: CollectionPolicy, now: Int) throws(StoreError) -> Collection {
    guard isWritable else { throw .readOnly(path) }
    guard try tryExclusive() else { throw .inUse(path) }
    defer { shareAgain() }
    try refresh()
    let plan = planCollection(policy, now: now)
    let gone = Set(plan.removed.map(\.record.key))
    let damaged = try rewrite(records().filter { !gone.contains($0.key) })
    return Collection(
      removed: plan.removed + damaged.map { ($0, .incomplete) },
      kept: plan.kept - damaged.count, bytesBefore: plan.bytesBefore,
      bytesAfter: damaged.isEmpty ? plan.bytesAfter : BlobUse(records()).bytes)
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
        if let outputs = try sound(record.outputs) {
          let details = try sound([record.details])
          let contents = Array(zip(record.outputs, outputs)) + zip([record.details], details ?? [])
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
  private func sound(_ blobs: [Blob]) throws(StoreError) -> [[UInt8]]? {
    var contents: [[UInt8]] = []
    for blob in blobs {
      do throws(StoreError) {
        contents.append(try read(blob))
      } catch {
        switch error {
        case .damaged, .missing: return nil
        default: throw error
        }
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
