import Canonical

extension Store {
  /// What ``verify()`` found.
  package struct Verification: Sendable {
    package var records = 0
    package var blobs = 0
    package var bytes = 0
    /// The blobs whose bytes are not what their digest names; no sound copy is left of them.
    package var damaged: [Digest] = []
    /// Records that name a blob which is damaged or gone; their stages run again when needed.
    package var incomplete = 0
    /// Records whose outputs, or some of them, are only in a shared cache.
    package var borrowed = 0
    /// Stretches of the logs that hold no sound entry.
    package var damagedStretches = 0

    package var isSound: Bool { damaged.isEmpty && incomplete == 0 && damagedStretches == 0 }
  }

  /// Hashes every blob; damaged copies are condemned, so that they are made again when needed.
  package func verify() throws(StoreError) -> Verification {
    try refresh()
    var result = Verification()
    let (sizes, stretches) = inspect { state in
      (
        state.blobs.compactMap { digest, places in
          places.first.map { Blob(digest: digest, size: $0.size) }
        }, state.segments.reduce(0) { $0 + $1.damagedStretches }
      )
    }
    result.damagedStretches = stretches
    for blob in sizes.sorted(by: { $0.digest < $1.digest }) {
      result.blobs += 1
      result.bytes += blob.size
      do throws(StoreError) {
        _ = try content(of: blob)
      } catch {
        guard error.lostBlob != nil else { throw error }
        result.damaged.append(blob.digest)
      }
    }
    for record in records() {
      result.records += 1
      if record.outputs.allSatisfy(contains) { continue }
      if record.isBorrowed { result.borrowed += 1 } else { result.incomplete += 1 }
    }
    return result
  }

  /// How much the store holds.
  package struct Info: Sendable {
    package let records: Int
    package let blobs: Int
    /// Bytes of the blobs, each counted once.
    package let bytes: Int
    package let segments: Int
    /// Bytes of the segments' files.
    package let fileBytes: Int
  }

  package func info() throws(StoreError) -> Info {
    try refresh()
    return inspect { state in
      Info(
        records: state.recordCount, blobs: state.blobs.count { !$0.value.isEmpty },
        bytes: state.blobs.values.reduce(0) { $0 + ($1.first?.size ?? 0) },
        segments: state.segments.count,
        fileBytes: state.segments.reduce(0) { $0 + $1.image.count + $1.packSize })
    }
  }
}
