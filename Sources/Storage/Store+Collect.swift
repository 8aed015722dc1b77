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
    }

    package let removed: [(record: Record, reason: Reason)]
    package let kept: Int
    package let bytesBefore: Int
    package let bytesAfter: Int
  }

  /// Says what ``collect(_:)`` would remove.
  package func planCollection(_ policy: CollectionPolicy, now: Int) -> Collection {
    var kept: [Record] = []
    var removed: [(record: Record, reason: Collection.Reason)] = []
    for record in records().sorted(by: { ($1.time, $1.key) < ($0.time, $0.key) }) {
      let age = now - record.time
      if age < policy.grace {
        kept.append(record)
      } else if let limit = policy.age, age > limit {
        removed.append((record, .age))
      } else if let roots = policy.reachable, !roots.contains(record.key) {
        removed.append((record, .unreachable))
      } else {
        kept.append(record)
      }
    }
    let before = Store.bytes(of: kept + removed.map(\.record))
    var after = Store.bytes(of: kept)
    while let limit = policy.bytes, after > limit, let oldest = kept.last,
      now - oldest.time >= policy.grace
    {
      kept.removeLast()
      removed.append((oldest, .size))
      after = Store.bytes(of: kept)
    }
    return Collection(
      removed: removed, kept: kept.count, bytesBefore: before, bytesAfter: after)
  }

  private static func bytes(of records: [Record]) -> Int {
    Set(records.flatMap(\.outputs)).reduce(0) { $0 + $1.size }
  }

  /// Removes what the policy does not keep, by writing the rest into a new segment.
  ///
  /// A crash at any instant leaves the old segments, or both, and both hold the same.
  /// - Throws: ``StoreError/inUse(_:)`` while another process has the store open.
  package func collect(_ policy: CollectionPolicy, now: Int) throws(StoreError) -> Collection {
    guard isWritable else { throw .readOnly(path) }
    defer { shareAgain() }
    guard tryExclusive() else { throw .inUse(path) }
    try refresh()
    let collection = planCollection(policy, now: now)
    let gone = Set(collection.removed.map(\.record.key))
    let kept = records().filter { !gone.contains($0.key) }
    try rewrite(kept)
    return collection
  }

  /// Copies the kept records into a new segment and then drops the old ones.
  private func rewrite(_ kept: [Record]) throws(StoreError) {
    let folder = "\(path)/segments"
    let old = inspect { $0.segments.map(\.number) }
    var fresh = State(folder: folder, writable: true, firstNumber: (old.max() ?? 0) + 1)
    for record in kept {
      let blobs = [record.details] + record.outputs
      guard let contents = try? blobs.map(read) else { continue }
      try fresh.add(zip(blobs, contents), record)
    }
    try fresh.synchronize()
    for number in old {
      for suffix in ["log", "pack"] {
        let file = Segment.path(folder, number, suffix)
        guard unlink(file) == 0 else { throw .system("cannot remove", file, errno) }
      }
    }
    restart()
    try refresh()
  }
}
