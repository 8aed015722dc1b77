/// A binary relation on `0..<size` as a square matrix of bits, row by row; or several of them, one
/// below the other, in one allocation.
struct BitMatrix: Hashable, Sendable {
  let size: Int
  /// 64-bit words in a row.
  let stride: Int
  private(set) var words: [UInt64]

  init(size: Int, relations: Int = 1) {
    self.size = size
    stride = (size + 63) / 64
    // `init(repeating:count:)` looks its buffer's type up, which takes longer than a small graph.
    words = []
    words.reserveCapacity(relations * size * stride)
    words.append(contentsOf: repeatElement(0, count: relations * size * stride))
  }

  /// How many pairs are related.
  var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  subscript(row: Int, column: Int) -> Bool {
    get { words[row * stride + column >> 6] & (1 << UInt64(column & 63)) != 0 }
    set {
      let bit: UInt64 = 1 << UInt64(column & 63)
      if newValue {
        words[row * stride + column >> 6] |= bit
      } else {
        words[row * stride + column >> 6] &= ~bit
      }
    }
  }

  /// Calls `body` with the rows, `stride` words apart: for loops over many bits, which otherwise
  /// would ask at each whether the words are shared.
  mutating func withRows(_ body: (UnsafeMutablePointer<UInt64>) -> Void) {
    words.withUnsafeMutableBufferPointer { words in
      if let first = words.baseAddress { body(first) }
    }
  }

  /// Calls `body` with the columns that are set in a row, in increasing order.
  @inline(__always)
  func forEach(inRow row: Int, _ body: (Int) -> Void) {
    words.withUnsafeBufferPointer { words in
      guard let first = words.baseAddress else { return }
      Self.forEach(inRow: first + row * stride, stride: stride, body)
    }
  }

  /// The same for the words of a row.
  @inline(__always)
  static func forEach(inRow row: UnsafePointer<UInt64>, stride: Int, _ body: (Int) -> Void) {
    for word in 0..<stride {
      var rest = row[word]
      while rest != 0 {
        body(word << 6 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
  }

  /// The columns that are set in a row, in increasing order.
  func columns(inRow row: Int) -> [Int] {
    var result: [Int] = []
    forEach(inRow: row) { result.append($0) }
    return result
  }
}
