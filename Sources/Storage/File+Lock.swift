import Glibc
import Synchronization

/// Locks that belong to an open file: open-file-description locks (Linux 3.15; POSIX 2024).
///
/// They vanish with their holder, whatever ends it, so no lock is ever stale. A change from shared
/// to exclusive happens as a whole or not at all, which `flock` does not promise.
extension File {
  package enum Lock: Sendable {
    /// Others may have it too.
    case shared
    /// Nobody else has any.
    case exclusive
    case none
  }

  /// Takes, changes or lets go the lock on `count` bytes from `offset`, by default on all of the
  /// file, without waiting.
  /// - Returns: false where another open file's lock forbids it; the lock is then as it was.
  package func tryLock(
    _ kind: Lock, at offset: Int = 0, count: Int = 0
  ) throws(StoreError) -> Bool {
    var lock = flock()
    lock.l_type = Int16(kind.type)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = off_t(offset)
    lock.l_len = off_t(count)
    if kind != .none { mayHoldLocks.store(true, ordering: .relaxed) }
    let setOwnLock: Int32 = 37  // F_OFD_SETLK, which Glibc's headers hide
    while fcntl(descriptor, setOwnLock, &lock) != 0 {
      switch errno {
      case EINTR: continue
      case EAGAIN, EACCES: return false
      default: throw .system("cannot lock", path, errno)
      }
    }
    return true
  }

  /// Takes the whole file's lock; false where others held it for so many seconds.
  package func lock(_ kind: Lock, patience seconds: Int) throws(StoreError) -> Bool {
    for _ in 0..<seconds * 20 {
      if try tryLock(kind) { return true }
      usleep(50_000)
    }
    return try tryLock(kind)
  }
}

extension File.Lock {
  fileprivate var type: Int32 {
    switch self {
    case .shared: F_RDLCK
    case .exclusive: F_WRLCK
    case .none: F_UNLCK
    }
  }
}
