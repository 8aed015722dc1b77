import Canonical
import Glibc

/// The bytes of a blob: in memory, or where they are many a part of a file.
package enum Content: Sendable {
  case bytes([UInt8])
  case part(File, offset: Int, size: Int)

  /// The most bytes of a piece; what has more of them stays on the disk.
  package static let pieceSize = 1 << 20

  /// A whole file, of the size that it has now.
  package init(of file: File) throws(StoreError) {
    self = .part(file, offset: 0, size: try file.size())
  }

  package init(ofFile path: String) throws(StoreError) {
    self = try Content(of: File(path, O_RDONLY))
  }

  package var size: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .part(_, _, let size): size
    }
  }

  /// Up to `count` bytes from `place` on; fewer only at the end.
  package func read(at place: Int, count: Int) throws(StoreError) -> ArraySlice<UInt8> {
    let count = min(count, size - place)
    switch self {
    case .bytes(let bytes): return bytes[place..<place + count]
    case .part(let file, let offset, _): return try file.read(at: offset + place, count: count)[...]
    }
  }

  /// All bytes, from front to back.
  package var pieces: Pieces { Pieces(content: self) }

  /// The pieces of a content; a file that has lost its end gives fewer bytes than it should.
  package struct Pieces {
    fileprivate let content: Content
    private var place = 0

    fileprivate init(content: Content) { self.content = content }

    /// The next piece; nil at the end.
    package mutating func next() throws(StoreError) -> ArraySlice<UInt8>? {
      let piece = try content.read(at: place, count: Content.pieceSize)
      place += piece.count
      return piece.isEmpty ? nil : piece
    }
  }

  /// All bytes, in memory.
  package func bytes() throws(StoreError) -> [UInt8] {
    switch self {
    case .bytes(let bytes): bytes
    case .part(let file, let offset, let size): try file.read(at: offset, count: size)
    }
  }

  package func digest() throws(StoreError) -> Digest {
    if case .bytes(let bytes) = self { return Digest(of: bytes) }
    let digester = Digester()
    var pieces = pieces
    while let piece = try pieces.next() { digester.add(piece) }
    return digester.digest
  }
}

extension File {
  /// Writes all of `content` at `offset`, or throws.
  package func write(_ content: Content, at offset: Int) throws(StoreError) {
    var end = offset
    var pieces = content.pieces
    while let piece = try pieces.next() {
      try write(piece, at: end)
      end += piece.count
    }
    guard end == offset + content.size else {
      throw .system("cannot read all that goes to", path, EIO)
    }
  }

  /// The digest of a file's bytes, read in pieces.
  package static func digest(of path: String) throws(StoreError) -> Digest {
    try Content(ofFile: path).digest()
  }
}
