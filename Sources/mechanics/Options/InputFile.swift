import Canonical
import Glibc
import Storage

/// A document that a command reads: a file, or `-` for standard input.
struct InputFile {
  /// As errors call it.
  let name: String
  let bytes: [UInt8]

  /// - Parameter command: The command whose help shows what the document holds.
  /// - Throws: `UsageError` where there is no such file.
  init(_ path: String, for command: String) throws {
    if path == "-" {
      (name, bytes) = ("standard input", Descriptor.contents(of: STDIN_FILENO))
      return
    }
    let isFolder = File.isFolder(path)
    guard !isFolder, let bytes = try File.contents(of: path) else {
      throw UsageError(
        "\(isFolder ? "'\(path)' is a folder, not a file" : "no file '\(path)'"): "
          + "'mechanics \(command) --help' shows what one holds")
    }
    (name, self.bytes) = (path, bytes)
  }
}
