/// The bytes of a YAML file, known to be text that every tool divides into the same lines.
///
/// libyaml tells only an offset for what is not UTF-8, and breaks lines at U+0085, U+2028 and
/// U+2029, which editors do not; so these are found and refused here.
struct SourceText {
  /// The most bytes that a manifest may have.
  static let limit = 8 << 20

  let file: String
  /// Whether it is the value of an override, which has no lines to speak of.
  let isOverride: Bool
  /// UTF-8 without a byte order mark.
  let bytes: [UInt8]
  /// Where the text ends.
  private(set) var end: Place

  init(_ bytes: [UInt8], file: String, isOverride: Bool = false) throws(Diagnostic) {
    guard bytes.count <= SourceText.limit else {
      throw Diagnostic(Place(file: file), "the file is larger than 8 MiB")
    }
    self.file = file
    self.isOverride = isOverride
    self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes[3...]) : bytes
    end = Place(file: file)
    end = try check()
  }

  /// Decodes every character, counting lines and columns.
  /// - Returns: The place after the last character.
  private func check() throws(Diagnostic) -> Place {
    var line = 1
    var column = 1
    var index = 0
    while index < bytes.count {
      let place =
        isOverride ? Place(file: file) : Place(file: file, line: line, column: column)
      guard let (scalar, length) = SourceText.character(bytes, at: index) else {
        throw Diagnostic(place, "the file is not UTF-8")
      }
      if let fault = SourceText.fault(of: scalar) { throw Diagnostic(place, fault) }
      index += length
      let isPair = scalar == 0x0D && index < bytes.count && bytes[index] == 0x0A
      if scalar == 0x0A || scalar == 0x0D && !isPair {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    return isOverride ? Place(file: file) : Place(file: file, line: line, column: column)
  }

  /// What forbids the character; nil if nothing does.
  private static func fault(of scalar: UInt32) -> String? {
    switch scalar {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E: nil
    case 0x85, 0x2028, 0x2029:
      "the character \(name(scalar)) ends a line for some programs only; write it as an escape"
    case 0...0x1F, 0x7F...0x9F: "the control character \(name(scalar)) is not allowed"
    case 0xFEFF: "the byte order mark \(name(scalar)) is allowed only at the start"
    case 0xFFFE, 0xFFFF: "the character \(name(scalar)) is not allowed"
    default: nil
    }
  }

  private static func name(_ scalar: UInt32) -> String {
    let hex = String(scalar, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
  }

  /// The character at `index` and its length; nil where the bytes are ill-formed.
  /// See Unicode 16, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
  private static func character(_ bytes: [UInt8], at index: Int) -> (UInt32, Int)? {
    let first = bytes[index]
    if first < 0x80 { return (UInt32(first), 1) }
    let length =
      switch first {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 0
      }
    guard length > 0, index + length <= bytes.count else { return nil }
    var scalar = UInt32(first) & (0xFF >> UInt32(length + 1))
    for byte in bytes[index + 1..<index + length] {
      guard byte & 0xC0 == 0x80 else { return nil }
      scalar = scalar << 6 | UInt32(byte & 0x3F)
    }
    let least: UInt32 = [0, 0, 0x80, 0x800, 0x10000][length]
    guard scalar >= least, scalar <= 0x10FFFF, !(0xD800...0xDFFF).contains(scalar) else {
      return nil
    }
    return (scalar, length)
  }
}
