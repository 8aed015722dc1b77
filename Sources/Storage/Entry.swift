import Canonical

/// One entry of a segment's log, as far as the index needs it.
enum Entry {
  /// A blob lies at `offset` of the segment's pack.
  case blob(Blob, offset: Int)
  /// A record; it is read whole only when it is looked up.
  case record(key: Digest)
  /// The copy of a blob at `offset` of the pack of `segment` was found to be damaged.
  case condemned(Digest, segment: Int, offset: Int)

  enum Kind: UInt8 {
    case blob = 1
    case record = 2
    case condemned = 3
    /// A record from a shared cache, whose outputs need not be here.
    case borrowed = 4
  }

  /// The entry that `bytes` holds; nil where they hold none.
  init?(_ bytes: UnsafeRawBufferPointer) {
    var reader = ByteReader(bytes)
    guard let kind = reader.byte().flatMap(Kind.init), let digest = reader.digest() else {
      return nil
    }
    switch kind {
    case .blob:
      guard let size = reader.count(), let offset = reader.count() else { return nil }
      self = .blob(Blob(digest: digest, size: size), offset: offset)
    case .record, .borrowed:
      self = .record(key: digest)
    case .condemned:
      guard let segment = reader.count(), let offset = reader.count() else { return nil }
      self = .condemned(digest, segment: segment, offset: offset)
    }
  }

  /// The bytes of a blob's entry.
  static func bytes(blob: Blob, offset: Int) -> [UInt8] {
    var out = ByteWriter()
    out.byte(Kind.blob.rawValue)
    out.digest(blob.digest)
    out.integer(blob.size)
    out.integer(offset)
    return out.bytes
  }

  /// The bytes of an entry that condemns one copy of a blob.
  static func bytes(condemning digest: Digest, segment: Int, offset: Int) -> [UInt8] {
    var out = ByteWriter()
    out.byte(Kind.condemned.rawValue)
    out.digest(digest)
    out.integer(segment)
    out.integer(offset)
    return out.bytes
  }
}
