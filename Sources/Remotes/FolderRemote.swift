import Canonical
import Glibc
import Storage

/// A folder that several machines or users share, such as on a network file system.
///
/// No locks, for there are file systems that have none: a file comes to its name complete, by a link
/// that fails where the name is taken, so nothing is ever overwritten or seen half-written. The
/// layout is that of Bazel's disk cache: `ac/ab/ab…`, `cas/cd/cd…`.
package struct FolderRemote: Remote {
  static let formatName = "mechanics shared cache 1"

  package let name: String
  private let path: String

  init(name: String, path: String) { (self.name, self.path) = (name, path) }

  package func get(
    _ item: RemoteItem, into download: Download
  ) async throws(RemoteError) -> Bool {
    try await blocking { () throws(StoreError) in
      guard access(file(item), F_OK) == 0 else {
        try checkFolder()
        return false
      }
      var pieces = try Content(of: File(file(item), O_RDONLY | O_NOFOLLOW)).pieces
      while let piece = try pieces.next(), piece.withUnsafeBytes(download.take) {}
      return true
    }
  }

  package func put(_ item: RemoteItem, _ content: Content) async throws(RemoteError) -> Bool {
    try await blocking { () throws(StoreError) in
      let target = file(item)
      if access(target, F_OK) == 0 {
        // It is wanted today: a collection by age lets it stay.
        utimensat(AT_FDCWD, target, nil, 0)
        return false
      }
      try prepare(folder(item))
      return try Self.place(content, at: target)
    }
  }

  package func list(_ kind: RemoteItem.Kind) async throws(RemoteError) -> [RemoteListing] {
    try await blocking { () throws(StoreError) in
      try checkFolder()
      var found: [RemoteListing] = []
      for part in try File.names(in: "\(path)/\(kind.rawValue)") {
        for name in try File.names(in: "\(path)/\(kind.rawValue)/\(part)") {
          guard let digest = Digest(hex: name) else { continue }
          let item = RemoteItem(kind, digest)
          var status = stat()
          guard lstat(file(item), &status) == 0 else { continue }
          found.append(
            RemoteListing(
              item: item, size: Int(status.st_size), time: Int(status.st_mtim.tv_sec)))
        }
      }
      return found
    }
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
  /// - Returns: false where the name was taken.
  private static func place(_ content: Content, at target: String) throws(StoreError) -> Bool {
    let temporary = "\(target).\(TemporaryName.next).tmp"
    let mode = SharedMode.ofFile(in: String(target[..<target.lastIndex(of: "/")!]))
    defer { unlink(temporary) }
    let file = try File(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
    try file.write(content, at: 0)
    fchmod(file.descriptor, mode)
    if link(temporary, target) == 0 { return true }
    if errno == EEXIST { return false }
    // A file system without links: a rename is atomic too, but the later of two wins.
    guard [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(errno) else {
      throw .system("cannot create", target, errno)
    }
    guard access(target, F_OK) != 0 else { return false }
    guard rename(temporary, target) == 0 else { throw .system("cannot create", target, errno) }
    return true
  }

  /// Does what waits for a disk away from the threads that run stages.
  private func blocking<Result: Sendable>(
    _ body: @escaping @Sendable () throws(StoreError) -> Result
  ) async throws(RemoteError) -> Result {
    do throws(StoreError) {
      return try await Blocking.run(body)
    } catch {
      switch error {
      case .format(_, let found): throw .format(remote: name, found: found)
      default: throw .file(remote: name, error.plain)
      }
    }
  }
}
