import Canonical
import Glibc
import Synchronization

/// A temporary file without a name, gone when it is let go or its process ends.
package final class Scratch {
  private let file: File
  private var size = 0

  /// - Parameter folder: where there is room for it.
  init(in folder: String) throws(StoreError) {
    let number = scratches.add(1, ordering: .relaxed).newValue
    let path = "\(folder)/scratch.\(getpid()).\(number)"
    unlink(path)
    file = try File(path, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
    unlink(path)
  }

  package func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    try file.write(bytes, at: size)
    size += bytes.count
  }

  /// `count` bytes from `offset` on.
  /// - Precondition: So many were written.
  package func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
    precondition(offset + count <= size, "beyond what was written")
    return try file.read(at: offset, count: count)
  }

  /// All that was written.
  package var content: Content { .part(file, offset: 0, size: size) }
}

extension Store {
  /// A temporary file on the store's disk.
  package func scratch() throws(StoreError) -> Scratch { try Scratch(in: path) }
}

/// Counts the temporary files of this process, so that no two threads share one.
private let scratches = Atomic(0)
