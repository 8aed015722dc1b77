import Glibc

/// A descriptor that is read or written from its beginning to its end: a pipe, a terminal.
package enum Descriptor {
  /// Writes all of `bytes`, as far as somebody reads them.
  package static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let wrote = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress!, $0.count) }
      if wrote < 0 && errno == EINTR { continue }
      if wrote <= 0 { return }
      rest = rest.dropFirst(wrote)
    }
  }

  /// All that comes.
  package static func contents(of descriptor: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return bytes }
      bytes += buffer[..<count]
    }
  }
}
