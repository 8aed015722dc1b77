import Glibc

extension SourceText {
  /// The bytes of the file at `path`, one more than the limit at most.
  static func bytes(of path: String) throws(Diagnostic) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failure(path) }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    var count = 0
    while count <= limit {
      if count == bytes.count { bytes += [UInt8](repeating: 0, count: bytes.count) }
      let length = bytes.withUnsafeMutableBytes { buffer in
        read(file, buffer.baseAddress! + count, buffer.count - count)
      }
      if length < 0 {
        if errno == EINTR { continue }
        throw failure(path)
      }
      if length == 0 { break }
      count += length
    }
    return Array(bytes[..<count])
  }

  private static func failure(_ path: String) -> Diagnostic {
    Diagnostic(Place(file: path), "cannot be read: " + String(cString: strerror(errno)))
  }
}
