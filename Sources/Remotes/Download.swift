import Canonical
import Storage

/// Takes the bytes of a download as they come, hashes them, and keeps many of them on the disk.
///
/// While bytes come, only whoever moves them touches it.
package final class Download: @unchecked Sendable {
  enum Keeping {
    case inMemory
    /// In a scratch file on a store's disk, where more than one piece may come.
    case onDisk(of: Store)
    case nothing
  }

  /// More bytes than this are not taken.
  let limit: Int
  private let keeping: Keeping
  private let digester = Digester()
  private var bytes: [UInt8] = []
  private var scratch: Scratch?
  private(set) var size = 0
  /// Why bytes could not be kept: the disk's fault, and not the remote's.
  private(set) var failure: StoreError?

  init(limit: Int, _ keeping: Keeping = .inMemory) { (self.limit, self.keeping) = (limit, keeping) }

  /// Takes the next bytes; false where no more are wanted, as there are too many or no room for them.
  func take(_ more: UnsafeRawBufferPointer) -> Bool {
    guard !isStopped else { return false }
    size += more.count
    guard !isTooLong else { return false }
    digester.add(more)
    do throws(StoreError) {
      try keep(more)
      return true
    } catch {
      failure = error
      return false
    }
  }

  private func keep(_ more: UnsafeRawBufferPointer) throws(StoreError) {
    switch keeping {
    case .nothing: return
    case .onDisk(let store) where limit > Content.pieceSize:
      if scratch == nil { scratch = try store.scratch() }
      try scratch!.append(more)
    case .onDisk, .inMemory: bytes += more
    }
  }

  /// Whether the remote sent more than the limit.
  var isTooLong: Bool { size > limit }

  var isStopped: Bool { isTooLong || failure != nil }

  /// What came, as far as it was kept.
  var content: Content { scratch?.content ?? .bytes(bytes) }

  /// Whether what came is the blob; to be asked once, when all has come.
  func isBlob(_ digest: Digest, size: Int) -> Bool {
    !isStopped && self.size == size && digester.digest == digest
  }

  /// What came, where it was kept in memory.
  /// - Throws: where there is more than the limit.
  func all() throws(Refusal) -> [UInt8] {
    guard !isTooLong else { throw Refusal("it has more than \(limit) bytes") }
    return bytes
  }
}
