import Glibc

/// Waits until one of some files changes: by looking, as file systems on a network tell nobody.
struct FileWatch {
  private static let pause = Duration.milliseconds(250)

  private struct Stamp: Hashable {
    let inode: UInt
    let size: Int
    let seconds: Int
    let nanoseconds: Int
  }

  private var stamps: [String: Stamp?] = [:]
  private let parent = getppid()

  /// How many files it looks at.
  var count: Int { stamps.count }

  /// Starts to look at files or folders as they are now; what it looks at already stays as it was.
  mutating func add(_ paths: some Sequence<String>) {
    for path in paths where stamps[path] == nil { stamps[path] = .some(FileWatch.stamp(path)) }
  }

  /// The files that changed, once there are any and nothing changes any more; none where the process
  /// that started this one is gone, and so who would read of it.
  mutating func changes() async throws -> [String] {
    var changed: Set<String> = []
    while getppid() == parent {
      try await Task.sleep(for: FileWatch.pause)
      let now = stamps.keys.filter { FileWatch.stamp($0) != stamps[$0]! }
      for path in now { stamps[path] = .some(FileWatch.stamp(path)) }
      if now.isEmpty, !changed.isEmpty { return changed.sorted() }
      changed.formUnion(now)
    }
    return []
  }

  private static func stamp(_ path: String) -> Stamp? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Stamp(
      inode: UInt(status.st_ino), size: Int(status.st_size), seconds: status.st_mtim.tv_sec,
      nanoseconds: status.st_mtim.tv_nsec)
  }
}
