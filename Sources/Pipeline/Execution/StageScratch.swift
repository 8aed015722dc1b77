import Storage

/// A temporary file of a running stage, gone when it is let go or the process ends.
package struct StageScratch {
  let scratch: Scratch

  package func append(_ bytes: UnsafeRawBufferPointer) throws { try scratch.append(bytes) }

  /// `count` bytes from `offset` on.
  /// - Precondition: So many were written.
  package func read(at offset: Int, count: Int) throws -> [UInt8] {
    try scratch.read(at: offset, count: count)
  }
}
