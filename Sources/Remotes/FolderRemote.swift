import Canonical
import Glibc
import Storage

/// A folder that several machines or users share, such as on a network file system.
///
/// No locks, for there are file systems that have none: a file comes to its name complete, by a link
/// that fails where the name is taken, so nothing is seen half-written, and nothing overwritten but
/// what is damaged. The layout is that of Bazel's disk cache: `ac/ab/ab…`, `cas/cd/cd…`.
package struct FolderRemote: Remote {
  static let formatName = "mechanics shared cache 1"

  package let name: String
  private let path: String
  /// How long an operation may do nothing, in seconds; what moves many bytes gets more.
  private let patience: Int
  private let line = WaitingLine(width: 48)

  init(name: String, path: String, patience: Int = 2 * Transfers.patience) {
    (self.name, self.path, self.patience) = (name, path, patience)
  }

  package func get(
    _ item: RemoteItem, into download: Download
  ) async throws(RemoteError) -> Bool {
    try await blocking(download.limit) { () throws(StoreError) in
      guard let file = try opened(item) else {
        try checkFolder()
        return false
      }
      var pieces = try Content(of: file).pieces
      while let piece = try pieces.next(), piece.withUnsafeBytes(download.take) {}
      return true
    }
  }

  package func put(
    _ item: RemoteItem, _ content: Content, repairs: Bool
  ) async throws(RemoteError) -> Bool {
    try await blocking(content.size) { () throws(StoreError) in
      let target = file(item)
      var status = stat()
      let isTaken = lstat(target, &status) == 0
      if isTaken, isSound(item, status, size: content.size, inDoubt: repairs) {
        // It is wanted today: a collection by age lets it stay.
        utimensat(AT_FDCWD, target, nil, 0)
        return false
      }
      try prepare(folder(item))
      return try Self.place(content, at: target, replaces: isTaken)
    }
  }

  package func list(_ kind: RemoteItem.Kind) async throws(RemoteError) -> [RemoteListing] {
    let parts = try await blocking { () throws(StoreError) in
      try checkFolder()
      return try File.names(in: "\(path)/\(kind.rawValue)")
    }
    var found: [RemoteListing] = []
    for part in parts {
      // Each file takes its time, as if it had bytes.
      found += try await blocking(1 << 24) { () throws(StoreError) in
        try File.names(in: "\(path)/\(kind.rawValue)/\(part)").compactMap { name in
          Digest(hex: name).flatMap { listing(RemoteItem(kind, $0)) }
        }
      }
    }
    return found
  }

  private func listing(_ item: RemoteItem) -> RemoteListing? {
    var status = stat()
    guard lstat(file(item), &status) == 0 else { return nil }
    return RemoteListing(
      item: item, size: Int(status.st_size), time: Int(status.st_mtim.tv_sec))
  }

  package func remove(_ item: RemoteItem) async throws(RemoteError) {
    try await blocking { () throws(StoreError) in
      guard unlink(file(item)) == 0 || errno == ENOENT else {
        throw .system("cannot remove", file(item), errno)
      }
    }
  }
}

extension FolderRemote {
  private func folder(_ item: RemoteItem) -> String {
    "\(path)/\(item.kind.rawValue)/\(item.digest.hex.prefix(2))"
  }

  private func file(_ item: RemoteItem) -> String { "\(folder(item))/\(item.digest.hex)" }

  /// An item's file; nil where it is not there. Nothing is waited for, as a pipe would have it, and
  /// no link followed.
  private func opened(_ item: RemoteItem) throws(StoreError) -> File? {
    for isLast in [false, true] {
      do throws(StoreError) {
        let file = try File(file(item), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        guard try file.isRegular() else { throw .system("this is no file:", file.path, EINVAL) }
        return file
      } catch {
        guard case .system(_, _, let code) = error else { throw error }
        if code == ENOENT { return nil }
        // A name that a network file system remembers, of a file that another machine removed.
        guard code == ESTALE, !isLast else { throw error }
      }
    }
    return nil
  }

  /// Whether what lies at an item's name will do.
  private func isSound(
    _ item: RemoteItem, _ status: stat, size: Int, inDoubt: Bool
  ) -> Bool {
    guard status.st_mode & S_IFMT == S_IFREG else { return false }
    if item.kind == .entry { return !inDoubt }
    guard status.st_size == size else { return false }
    return !inDoubt || (try? File.digest(of: file(item))) == item.digest
  }

  /// The folder that an item goes to; a new shared cache gets its format before anything else.
  private func prepare(_ folder: String) throws(StoreError) {
    if access(folder, F_OK) == 0 { return }
    if try !checkFolder() {
      try SharedMode.makeFolder(path)
      let format = Content.bytes(Array("\(FolderRemote.formatName)\n".utf8))
      _ = try FolderRemote.place(format, at: "\(path)/format")
    }
    try SharedMode.makeFolder(folder)
  }

  /// Whether the folder is a shared cache; false where there is none yet.
  /// - Throws: an error where it is of a newer format, or something else.
  @discardableResult
  private func checkFolder() throws(StoreError) -> Bool {
    for _ in 0..<2 {
      if let found = try File.contents(of: "\(path)/format") {
        let line = String(decoding: found.prefix { $0 != 0x0a }.prefix(80), as: UTF8.self)
        guard line == FolderRemote.formatName else { throw .format(path: path, found: line) }
        return true
      }
      let names = try File.names(in: path)
      // Where it is there now, another thread or process has just made it a shared cache.
      if names.contains("format") { continue }
      let foreign = names.first { !["ac", "cas"].contains($0) && !$0.hasSuffix(".tmp") }
      if let foreign { throw .format(path: path, found: foreign) }
      return false
    }
    throw .format(path: path, found: "format")
  }

  /// Puts a file at its name in one step, with the permissions that its folder asks for.
  /// - Returns: false where the name was taken and is not to be replaced.
  private static func place(
    _ content: Content, at target: String, replaces: Bool = false
  ) throws(StoreError) -> Bool {
    let temporary = "\(target).\(TemporaryName.next).tmp"
    let mode = SharedMode.ofFile(in: String(target[..<target.lastIndex(of: "/")!]))
    defer { unlink(temporary) }
    let file = try File(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
    try file.write(content, at: 0)
    fchmod(file.descriptor, mode)
    // Else a machine that loses its power could leave the name without the bytes.
    try file.synchronize()
    if !replaces {
      if link(temporary, target) == 0 { return true }
      if errno == EEXIST { return false }
      // A file system without links: a rename is atomic too, but the later of two wins.
      guard [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(errno) else {
        throw .system("cannot create", target, errno)
      }
      guard access(target, F_OK) != 0 else { return false }
    }
    guard rename(temporary, target) == 0 else { throw .system("cannot create", target, errno) }
    return true
  }

  /// Does what waits for a disk away from the threads that run stages. A folder that got stuck once,
  /// as one of another machine can, is not touched again.
  /// - Parameter bytes: how many may be moved.
  private func blocking<Result: Sendable>(
    _ bytes: Int = 0, _ body: @escaping @Sendable () throws(StoreError) -> Result
  ) async throws(RemoteError) -> Result {
    let seconds = patience + bytes >> 18
    guard await line.enter() else { throw .stuck(remote: name, seconds: seconds) }
    do throws(StoreError) {
      let result = try await Blocking.run(within: seconds, body)
      line.leave(isStuck: result == nil)
      if let result { return result }
    } catch {
      line.leave(isStuck: false)
      switch error {
      case .format(_, let found): throw .format(remote: name, found: found)
      default: throw .file(remote: name, error.plain)
      }
    }
    throw .stuck(remote: name, seconds: seconds)
  }
}
