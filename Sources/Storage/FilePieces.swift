import Canonical
import Glibc

/// Reads a file from front to back, in pieces that need little memory, and hashes it on the way.
package struct FilePieces {
  /// The most bytes of a piece.
  private static let size = 1 << 20

  private let file: File
  private let digester = Digester()
  private var offset = 0

  package init(_ path: String) throws(StoreError) { file = try File(path, O_RDONLY) }

  /// The next piece; nil at the end.
  package mutating func next() throws(StoreError) -> [UInt8]? {
    let piece = try file.read(at: offset, count: FilePieces.size)
    guard !piece.isEmpty else { return nil }
    digester.add(piece)
    offset += piece.count
    return piece
  }

  /// The digest of what was read.
  package consuming func digest() -> Digest { digester.digest }
}

extension File {
  /// The digest of a file's bytes, read in pieces.
  package static func digest(of path: String) throws(StoreError) -> Digest {
    var pieces = try FilePieces(path)
    while try pieces.next() != nil {}
    return pieces.digest()
  }
}
