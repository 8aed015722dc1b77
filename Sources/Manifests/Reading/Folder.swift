import Glibc

/// The folder of a manifest, in which the files that it names are looked up.
struct Folder: Sendable {
  /// The folder as part of the manifest's path; empty for the folder where the program runs.
  let path: String
  /// Whether there is a file at a location; a parameter, so that tests need no files.
  let isFile: @Sendable (String) -> Bool

  /// The folder that holds the manifest at `path`.
  init(of path: String, isFile: @escaping @Sendable (String) -> Bool = Folder.isFile) {
    let end = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    self.path = end.map { String(path[...$0]) } ?? ""
    self.isFile = isFile
  }

  /// Why a file may not be named.
  enum Fault: Error {
    case absolute, outside, missing, unprintable

    func message(_ text: String) -> String {
      switch self {
      case .absolute: "the path \(text) must be relative to the manifest's folder"
      case .outside: "the path \(text) leaves the folder above the manifest's"
      case .missing: "there is no file \(text)"
      case .unprintable: "the path \(text) has a character that no file name should have"
      }
    }
  }

  /// The path in its one spelling: `.` and `..` taken out, but for one `..` at the start.
  ///
  /// A manifest may name files of its project: those in its own folder, and in the one above it.
  func resolve(_ text: String) throws(Fault) -> String {
    guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
      throw .unprintable
    }
    guard !text.hasPrefix("/") else { throw .absolute }
    var parts: [Substring] = []
    for part in text.split(separator: "/") where part != "." {
      if part != ".." || parts.isEmpty || parts.last == ".." {
        parts.append(part)
      } else {
        parts.removeLast()
      }
    }
    guard parts.prefix(2) != ["..", ".."] else { throw .outside }
    let path = parts.joined(separator: "/")
    guard isFile(location(of: path)) else { throw .missing }
    return path
  }

  /// Where the file is, from where the program runs.
  func location(of path: String) -> String { self.path + path }

  /// The bytes of the file at `path`; nil where it cannot be read.
  func contents(of path: String) -> [UInt8]? {
    guard let file = fopen(location(of: path), "rbe") else { return nil }
    defer { fclose(file) }
    var status = stat()
    guard fstat(fileno(file), &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let size = Int(status.st_size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = fread(buffer.baseAddress, 1, size, file)
    }
    return bytes.count == size ? bytes : nil
  }

  /// Whether the file system has a regular file there.
  static func isFile(_ location: String) -> Bool {
    var status = stat()
    return stat(location, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
