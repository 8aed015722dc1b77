/// The words of a text that have a token of their own: token 0 stands for all others, 1 for the end
/// of a line, and 2, 3, … for the most frequent words, the most frequent first, equally frequent
/// ones in the order of their bytes.
///
/// In a text the words `<unk>` and `<eos>` are tokens 0 and 1 themselves, as in WikiText.
package struct Vocabulary: Hashable, Sendable {
  package static let unknown = 0
  package static let endOfLine = 1
  static let specials = ["<unk>", "<eos>"]

  /// The spelling of each token.
  package let words: [String]
  /// How often each token occurs in the text from which the vocabulary was made.
  package let counts: [Int]

  package init(words: [String], counts: [Int]) {
    precondition(words.count == counts.count && words.prefix(2) == Self.specials[...])
    (self.words, self.counts) = (words, counts)
  }

  /// The number of tokens, K.
  package var count: Int { words.count }
  /// The number of tokens of the text, N.
  package var length: Int { counts.reduce(0, +) }
}

/// Counts the words of a text that comes in pieces.
///
/// Memory: the distinct words.
package struct WordCounter {
  private var scanner = TextScanner()
  private var counts = Counts()

  package init() {}

  package mutating func read(_ piece: [UInt8]) throws(TextError) {
    try scanner.read(piece, &counts)
  }

  /// The vocabulary of what was read.
  /// - Parameter limit: the most tokens that it has, the two special ones included; at least 2.
  /// - Throws: ``TextError/tooShort(words:)`` where there are fewer than two words.
  package mutating func end(limit: Int) throws(TextError) -> Vocabulary {
    try scanner.end(&counts)
    let words = counts.counts.reduce(0, +)
    guard words > 1 else { throw .tooShort(words: words) }
    let table = counts.table
    var numbers = Array(0..<table.count)
    var special = [0, counts.lines]
    for (token, name) in Vocabulary.specials.enumerated() {
      guard let number = numbers.first(where: { table.word($0).elementsEqual(name.utf8) }) else {
        continue
      }
      special[token] += counts.counts[number]
      numbers.remove(at: numbers.firstIndex(of: number)!)
    }
    numbers.sort { left, right in
      let (before, after) = (counts.counts[left], counts.counts[right])
      return before != after
        ? before > after : table.word(left).lexicographicallyPrecedes(table.word(right))
    }
    let kept = numbers.prefix(limit - 2)
    special[0] += numbers.dropFirst(kept.count).reduce(0) { $0 + counts.counts[$1] }
    return Vocabulary(
      words: Vocabulary.specials + kept.map { String(decoding: table.word($0), as: UTF8.self) },
      counts: special + kept.map { counts.counts[$0] })
  }

  private struct Counts: TextReader {
    var table = WordTable()
    var counts: [Int] = []
    var lines = 0

    mutating func word(_ bytes: UnsafeBufferPointer<UInt8>) {
      let number = table.insert(bytes)
      if number == counts.count { counts.append(1) } else { counts[number] += 1 }
    }

    mutating func endOfLine() { lines += 1 }
  }
}

/// Turns a text that comes in pieces into the tokens of a vocabulary.
package struct Tokeniser {
  private var scanner = TextScanner()
  private var encoder: Encoder

  package init(_ vocabulary: Vocabulary) { encoder = Encoder(vocabulary) }

  /// The tokens of the words and line ends that are known to be whole by now.
  package mutating func read(_ piece: [UInt8]) throws(TextError) -> [UInt32] {
    encoder.tokens.removeAll(keepingCapacity: true)
    try scanner.read(piece, &encoder)
    return encoder.tokens
  }

  /// The tokens of what is left.
  package mutating func end() throws(TextError) -> [UInt32] {
    encoder.tokens.removeAll()
    try scanner.end(&encoder)
    return encoder.tokens
  }

  private struct Encoder: TextReader {
    let table: WordTable
    var tokens: [UInt32] = []

    init(_ vocabulary: Vocabulary) {
      var table = WordTable()
      for word in vocabulary.words {
        _ = Array(word.utf8).withUnsafeBufferPointer { table.insert($0) }
      }
      self.table = table
    }

    mutating func word(_ bytes: UnsafeBufferPointer<UInt8>) {
      tokens.append(UInt32(truncatingIfNeeded: table.number(of: bytes) ?? Vocabulary.unknown))
    }

    mutating func endOfLine() { tokens.append(UInt32(Vocabulary.endOfLine)) }
  }
}
