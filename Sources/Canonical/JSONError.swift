/// Why bytes are no JSON document, and where.
package struct JSONError: Error, Hashable, CustomStringConvertible {
  /// The line, from 1.
  package let line: Int
  /// The column in code points, from 1.
  package let column: Int
  /// What is wrong, in one sentence without its full stop.
  package let reason: String

  /// - Parameter place: The offset in `bytes` where something is wrong.
  init(_ bytes: ArraySlice<UInt8>, at place: Int, _ reason: String) {
    let before = bytes[..<min(place, bytes.endIndex)]
    let start = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? before.startIndex
    line = before.count { $0 == 0x0a } + 1
    column = before[start...].count { $0 & 0xc0 != 0x80 } + 1
    self.reason = reason
  }

  /// `line:column: what is wrong`
  package var description: String { "\(line):\(column): \(reason)" }
}
