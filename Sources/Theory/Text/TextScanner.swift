/// What is called for each word of a text and for each end of a line, in their order.
protocol TextReader {
  mutating func word(_ bytes: UnsafeBufferPointer<UInt8>)
  mutating func endOfLine()
}

/// Divides UTF-8 that comes in pieces into words and lines.
///
/// - A word is a longest run of characters that are not White_Space (Unicode 16, PropList); nothing
///   is folded or normalised, so words are the same if and only if their bytes are.
/// - A line ends at U+000A; the last one also at the end of the text, if it has any character.
/// - A byte order mark at the start of the text is left out.
///
/// Memory: a piece and the longest word, however long the text is.
struct TextScanner {
  /// What follows the last space or line end; never in the middle of a character.
  private var rest: [UInt8] = []
  /// The offset of the next byte to be scanned.
  private var offset = 0
  private var line = 1
  private var isLineOpen = false

  mutating func read(_ piece: [UInt8], _ reader: inout some TextReader) throws(TextError) {
    guard let last = piece.lastIndex(where: { $0 == 0x0A || $0 == 0x20 }) else {
      rest += piece
      return
    }
    if rest.isEmpty {
      try scan(piece[...last], &reader)
    } else {
      rest += piece[...last]
      try scan(rest[...], &reader)
    }
    rest = Array(piece[(last + 1)...])
  }

  mutating func end(_ reader: inout some TextReader) throws(TextError) {
    try scan(rest[...], &reader)
    rest = []
    if isLineOpen { reader.endOfLine() }
    isLineOpen = false
  }

  private mutating func scan(
    _ bytes: ArraySlice<UInt8>, _ reader: inout some TextReader
  ) throws(TextError) {
    let fault = bytes.withUnsafeBufferPointer { scan($0, &reader) }
    if let fault { throw .illFormed(offset: offset + fault, line: line) }
    offset += bytes.count
  }

  /// - Returns: where the bytes are ill-formed.
  private mutating func scan(
    _ bytes: UnsafeBufferPointer<UInt8>, _ reader: inout some TextReader
  ) -> Int? {
    var place = offset == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while place < bytes.count {
      if bytes[place] == 0x0A {
        reader.endOfLine()
        line += 1
        isLineOpen = false
        place += 1
        continue
      }
      isLineOpen = true
      let start = place
      // Bytes 0x21…0x7F are most of most texts.
      while place < bytes.count {
        if bytes[place] > 0x20, bytes[place] < 0x80 {
          place += 1
          continue
        }
        guard let (scalar, length) = Self.character(bytes, at: place) else { return place }
        if Self.isWhiteSpace(scalar) { break }
        place += length
      }
      if place > start { reader.word(UnsafeBufferPointer(rebasing: bytes[start..<place])) }
      guard place < bytes.count, bytes[place] != 0x0A else { continue }
      place += Self.character(bytes, at: place)!.length
    }
    return nil
  }

  private static func isWhiteSpace(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
      0x3000:
      true
    default: false
    }
  }

  /// The character at `index`; nil where the bytes are ill-formed: Unicode 16, table 3-7.
  private static func character(
    _ bytes: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> (scalar: UInt32, length: Int)? {
    let first = bytes[index]
    if first < 0x80 { return (UInt32(first), 1) }
    let length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0
    guard length > 0, index + length <= bytes.count else { return nil }
    var scalar = UInt32(first) & (0xFF >> UInt32(length + 1))
    for byte in bytes[index + 1..<index + length] {
      guard byte & 0xC0 == 0x80 else { return nil }
      scalar = scalar << 6 | UInt32(byte & 0x3F)
    }
    let isShortest = scalar >= (length == 2 ? 0x80 : length == 3 ? 0x800 : 0x1_0000)
    return isShortest && Unicode.Scalar(scalar) != nil ? (scalar, length) : nil
  }
}
