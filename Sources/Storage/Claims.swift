import Canonical
import Glibc

/// Who works on what: locks on single bytes of one file, one byte a key.
///
/// Open-file-description locks (Linux 3.15; POSIX 2024) vanish with their holder, whatever ends
/// it, so there is no stale claim to expire. Two keys that share a byte would only wait for one
/// another; with 63 bits none ever do.
struct Claims: Sendable {
  private let file: File

  init(_ path: String) throws(StoreError) { file = try File(path, O_RDWR | O_CREAT) }

  func claim(_ key: Digest) -> Claim? {
    let offset = off_t(key.words.0 >> 1)
    guard Claims.set(F_WRLCK, offset, file) else { return nil }
    return Claim(file: file, offset: offset)
  }

  fileprivate static func set(_ type: Int32, _ offset: off_t, _ file: File) -> Bool {
    var lock = flock()
    lock.l_type = Int16(type)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = offset
    lock.l_len = 1
    let setOwnLock: Int32 = 37  // F_OFD_SETLK, which Glibc's headers hide
    return fcntl(file.descriptor, setOwnLock, &lock) == 0
  }
}

/// The right to do one piece of work; it ends when it is let go.
package final class Claim: Sendable {
  private let file: File
  private let offset: off_t

  fileprivate init(file: File, offset: off_t) { (self.file, self.offset) = (file, offset) }

  deinit { _ = Claims.set(F_UNLCK, offset, file) }
}
