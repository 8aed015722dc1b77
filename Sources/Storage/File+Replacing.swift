import Glibc
import Synchronization

/// Files that change as a whole or not at all.
extension File {
  /// Puts `bytes` at `path` through a temporary file and a rename; a file that holds them already
  /// is left untouched.
  /// - Returns: whether the file changed.
  @discardableResult
  package static func replace(_ path: String, with bytes: [UInt8]) throws(StoreError) -> Bool {
    if try contents(of: path) == bytes { return false }
    let temporary = try temporary(beside: path)
    do throws(StoreError) {
      try temporary.write(bytes, at: 0)
      guard rename(temporary.path, path) == 0 else {
        throw .system("cannot replace", path, errno)
      }
    } catch {
      unlink(temporary.path)
      throw error
    }
    return true
  }

  /// Removes the temporary files that killed processes left in a folder: those nobody has locked.
  package static func removeLeftovers(in folder: String) throws(StoreError) {
    for name in try names(in: folder) where name.hasSuffix(suffix) {
      guard let file = try? File("\(folder)/\(name)", O_WRONLY) else { continue }
      if (try? file.tryLock(.exclusive)) == true { unlink(file.path) }
    }
  }

  /// An empty file beside `path`, locked while it is open where the file system has locks.
  private static func temporary(beside path: String) throws(StoreError) -> File {
    while true {
      let number = replacements.add(1, ordering: .relaxed).newValue
      let file = try File(
        "\(path).\(getpid()).\(number)\(suffix)", O_WRONLY | O_CREAT | O_TRUNC)
      let isLocked = (try? file.tryLock(.exclusive)) ?? true
      let hasName = try file.hasName()
      // Otherwise another process took it for a leftover before it was locked.
      if isLocked && hasName { return file }
    }
  }

  private static let suffix = ".tmp"

  private func hasName() throws(StoreError) -> Bool {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system("cannot stat", path, errno) }
    return status.st_nlink > 0
  }
}

/// Counts the temporary files of this process, so that no two threads share one.
private let replacements = Atomic(0)
