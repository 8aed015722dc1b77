/// Why some bytes are no text to learn from.
package enum TextError: Error, Hashable, CustomStringConvertible {
  /// The bytes from this offset (from 0) on are not UTF-8; the line is counted from 1.
  case illFormed(offset: Int, line: Int)
  /// There are fewer than two words: none has a next.
  case tooShort(words: Int)

  package var description: String {
    switch self {
    case .illFormed(let offset, let line):
      "the text is not UTF-8 at byte \(offset), in line \(line); convert it, for example with iconv"
    case .tooShort(words: 0): "the text has no word"
    case .tooShort(words: let count):
      "the text has \(count) word\(count == 1 ? "" : "s"); the prediction of the next needs two"
    }
  }
}
