import Glibc

/// A temporary folder, removed when it is let go.
package final class Folder {
  package let path: String

  package init() throws(Failure) {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/mechanics-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil, let real = realpath(template, nil) else {
      throw Failure("no temporary folder in \(base)")
    }
    path = String(cString: real)
    free(real)
  }

  deinit { Folder.remove(path) }

  /// Writes a file; the folders above it are made.
  package func write(_ name: String, _ text: String) throws(Failure) {
    try Folder.write("\(path)/\(name)", Array(text.utf8))
  }

  package func text(_ name: String) throws(Failure) -> String { try Folder.text("\(path)/\(name)") }

  package func bytes(_ name: String) throws(Failure) -> [UInt8] {
    try Folder.bytes("\(path)/\(name)")
  }

  package func exists(_ name: String) -> Bool { access("\(path)/\(name)", F_OK) == 0 }

  /// All files below `name`, by their path inside of it, without those in hidden folders.
  package func files(_ name: String) throws(Failure) -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for file in Folder.tree("\(path)/\(name)") {
      found[file] = try bytes("\(name)/\(file)")
    }
    return found
  }
}

extension Folder {
  package static func bytes(_ path: String) throws(Failure) -> [UInt8] {
    guard let file = fopen(path, "re") else {
      throw Failure("cannot read \(path): \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
      bytes += buffer[..<count]
    }
    return bytes
  }

  package static func text(_ path: String) throws(Failure) -> String {
    String(decoding: try bytes(path), as: UTF8.self)
  }

  package static func write(_ path: String, _ bytes: [UInt8]) throws(Failure) {
    makeFolder(String(path[..<path.lastIndex(of: "/")!]))
    guard let file = fopen(path, "we") else {
      throw Failure("cannot write \(path): \(String(cString: strerror(errno)))")
    }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  package static func makeFolder(_ path: String) {
    if mkdir(path, 0o755) == 0 || errno == EEXIST || path.isEmpty { return }
    makeFolder(String(path[..<path.lastIndex(of: "/")!]))
    mkdir(path, 0o755)
  }

  /// The names in a folder, sorted.
  package static func names(_ path: String) -> [String] {
    guard let handle = opendir(path) else { return [] }
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

  private static func tree(_ path: String, _ prefix: String = "") -> [String] {
    names(path).filter { !$0.hasPrefix(".") }.flatMap { name -> [String] in
      isFolder("\(path)/\(name)")
        ? tree("\(path)/\(name)", "\(prefix)\(name)/") : ["\(prefix)\(name)"]
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  fileprivate static func remove(_ path: String) {
    if isFolder(path) {
      chmod(path, 0o755)
      for name in names(path) { remove("\(path)/\(name)") }
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}
