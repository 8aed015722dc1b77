import Glibc
import Storage
import Synchronization

/// The permissions of what goes into a folder that a group shares.
///
/// A folder with the set-group-ID bit asks that what is made inside belongs to its group (the system
/// does that) and that the group may do with it what it may do with the folder. The umask, which says
/// what a user wants for private files, has no say there; elsewhere it has.
enum SharedMode {
  /// The permissions of a file in `folder`: cached bytes are never changed, so nobody may write.
  static func ofFile(in folder: String) -> mode_t {
    guard let mode = mode(of: folder), mode & S_ISGID != 0 else { return 0o444 & ~mask }
    return 0o400 | mode & 0o044
  }

  /// Creates a folder, and those above it, each with the permissions that the one above asks for.
  static func makeFolder(_ path: String) throws(StoreError) {
    try making.withLock { _ throws(StoreError) in try make(path) }
  }

  /// One at a time in this process: a folder is never replaced by one that another thread has made.
  private static let making = Mutex(())

  private static func make(_ path: String) throws(StoreError) {
    if access(path, F_OK) == 0 { return }
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      return try File.makeFolder(path)
    }
    let above = String(path[..<slash])
    try make(above)
    // It comes to its name with its permissions, since others of the group may be about to write into
    // it. Where one of them has made it meanwhile, that one stays.
    let temporary = "\(path).\(TemporaryName.next).tmp"
    guard mkdir(temporary, 0o755) == 0 else {
      throw .system("cannot create the folder", path, errno)
    }
    if let mode = mode(of: above), mode & S_ISGID != 0 { chmod(temporary, mode & 0o7777) }
    if access(path, F_OK) != 0, rename(temporary, path) == 0 { return }
    let failure = errno
    rmdir(temporary)
    guard access(path, F_OK) == 0 else { throw .system("cannot create the folder", path, failure) }
  }

  private static func mode(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode : nil
  }

  /// The process's umask: it can only be read by setting it, so that is done once.
  private static let mask: mode_t = {
    let mask = umask(0o022)
    umask(mask)
    return mask
  }()
}

/// Names for temporary files that no other machine, process or thread makes.
enum TemporaryName {
  private static let count = Atomic(0)
  private static let machine = UInt64.random(in: 0...UInt64.max)

  static var next: String {
    "\(String(machine, radix: 16)).\(getpid()).\(count.add(1, ordering: .relaxed).newValue)"
  }
}
