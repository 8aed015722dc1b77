import Canonical
import Glibc
import Synchronization

/// An open file, closed when it is let go; every failure is a ``StoreError`` that names the path.
package final class File: Sendable {
  package let descriptor: Int32
  package let path: String
  /// Whether it may hold locks.
  let mayHoldLocks = Atomic(false)

  package init(_ path: String, _ flags: Int32, mode: mode_t = 0o644) throws(StoreError) {
    let descriptor = open(path, flags | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw .system("cannot open", path, errno) }
    (self.descriptor, self.path) = (descriptor, path)
  }

  /// Its locks are let go first: a program that another thread is starting has a copy of the
  /// descriptor until it is on its way, and that would keep them.
  deinit {
    if mayHoldLocks.load(ordering: .relaxed) { _ = try? tryLock(.none) }
    close(descriptor)
  }

  package func size() throws(StoreError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system("cannot stat", path, errno) }
    return Int(status.st_size)
  }

  /// Whether it is a file, and no pipe, folder or device.
  package func isRegular() throws(StoreError) -> Bool {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system("cannot stat", path, errno) }
    return status.st_mode & S_IFMT == S_IFREG
  }

  /// Up to `count` bytes from `offset`; fewer only at the file's end.
  package func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(
          descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { return }
        filled += got
      }
    }
    guard failure == 0 else { throw .system("cannot read", path, failure) }
    return bytes
  }

  /// Writes all of `bytes` at `offset`, or throws.
  package func write(_ bytes: some ContiguousBytes, at offset: Int) throws(StoreError) {
    let failure = bytes.withBytes { bytes -> Int32 in
      var done = 0
      while done < bytes.count {
        let wrote = pwrite(
          descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
        if wrote < 0 && errno == EINTR { continue }
        guard wrote > 0 else { return errno }
        done += wrote
      }
      return 0
    }
    guard failure == 0 else { throw .system("cannot write", path, failure) }
  }

  package func truncate(to size: Int) throws(StoreError) {
    guard ftruncate(descriptor, off_t(size)) == 0 else {
      throw .system("cannot truncate", path, errno)
    }
  }

  /// Waits until what was written is on the disk.
  package func synchronize() throws(StoreError) {
    guard fdatasync(descriptor) == 0 else { throw .system("cannot sync", path, errno) }
  }
}

extension File {
  /// Creates the folder and the folders above it, where they are missing.
  package static func makeFolder(_ path: String) throws(StoreError) {
    if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw .system("cannot create the folder", path, errno)
    }
    try makeFolder(String(path[..<slash]))
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw .system("cannot create the folder", path, errno)
    }
  }

  /// Removes a folder of files, where there is one.
  package static func removeFolder(_ path: String) throws(StoreError) {
    for name in try names(in: path) where unlink("\(path)/\(name)") != 0 {
      throw .system("cannot remove", "\(path)/\(name)", errno)
    }
    guard rmdir(path) == 0 || errno == ENOENT else { throw .system("cannot remove", path, errno) }
  }

  /// Whether there is a folder at `path`.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// When the content of a file changed last, in seconds; nil where there is none.
  package static func changed(_ path: String) -> Double? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9
  }

  /// The names in a folder, sorted; none where there is no such folder.
  package static func names(in folder: String) throws(StoreError) -> [String] {
    guard let handle = opendir(folder) else {
      if errno == ENOENT { return [] }
      throw .system("cannot list", folder, errno)
    }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The absolute path of what is at `path`, without links.
  package static func real(_ path: String) throws(StoreError) -> String {
    guard let resolved = realpath(path, nil) else { throw .system("cannot find", path, errno) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The whole file; nil where there is none.
  package static func contents(of path: String) throws(StoreError) -> [UInt8]? {
    guard access(path, F_OK) == 0 else { return nil }
    let file = try File(path, O_RDONLY)
    return try file.read(at: 0, count: file.size())
  }
}
