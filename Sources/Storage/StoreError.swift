import Canonical
import Glibc

/// Why the store could not do what was asked.
package enum StoreError: Error, Hashable, CustomStringConvertible {
  /// The operating system refused: what was tried, on which path, `errno`.
  case system(String, String, Int32)
  /// The folder was written by a newer format, or is no store.
  case format(path: String, found: String)
  /// The bytes of a blob are not those that its digest names; the copy is condemned.
  case damaged(Digest)
  /// No copy of the blob is here.
  case missing(Digest)
  /// The store cannot be written.
  case readOnly(String)
  /// Others use the store, so it cannot be collected now.
  case inUse(String)

  package var description: String {
    switch self {
    case .system(let what, let path, let code):
      "\(what) \(path): \(String(cString: strerror(code)))\(StoreError.advice(code))"
    case .format(let path, let found):
      "\(path) holds '\(found)', not '\(Store.formatName)': use a newer mechanics, "
        + "or set MECHANICS_CACHE to another folder"
    case .damaged(let digest): "blob \(digest.short) is damaged"
    case .missing(let digest): "blob \(digest.short) is missing"
    case .readOnly(let path):
      "the cache \(path) is read-only: set MECHANICS_CACHE to a folder you may write"
    case .inUse(let path): "the cache \(path) is in use by a running mechanics: try again later"
    }
  }

  /// The blob that is not here as it should be; nil for all other reasons.
  package var lostBlob: Digest? {
    switch self {
    case .damaged(let digest), .missing(let digest): digest
    default: nil
    }
  }

  /// Whether the disk has lost the bytes: a bad sector, or a checksum of the file system's.
  var isUnreadable: Bool {
    guard case .system(_, _, let code) = self else { return false }
    return code == EIO || code == EBADMSG
  }

  /// Without advice on where this machine's own cache may be: for a file of another place.
  package var plain: String {
    guard case .system(let what, let path, let code) = self else { return description }
    return "\(what) \(path): \(String(cString: strerror(code)))"
  }

  private static func advice(_ code: Int32) -> String {
    switch code {
    case ENOSPC, EDQUOT: " (make room, or set MECHANICS_CACHE to another disk)"
    case EACCES, EPERM, EROFS, ENOTDIR:
      " (choose a folder you may write, by MECHANICS_CACHE or --results)"
    case ENOENT: " (choose another folder, by MECHANICS_CACHE or --results)"
    case ENOLCK, EOPNOTSUPP, ENOSYS:
      " (this file system has no locks: set MECHANICS_CACHE to a disk of this machine, "
        + "and share the folder with --cache file://… instead)"
    default: ""
    }
  }
}
