import Testing

@testable import Theory

/// Words and lines are those of the definition, however the text is cut into pieces.
@Suite struct TokeniserTests {
  /// The tokens of a text, spelt, with the vocabulary of all its words.
  private func tokens(_ pieces: [[UInt8]], limit: Int = 1 << 20) throws -> [String] {
    var counter = WordCounter()
    for piece in pieces { try counter.read(piece) }
    let vocabulary = try counter.end(limit: limit)
    var tokeniser = Tokeniser(vocabulary)
    var tokens: [UInt32] = []
    for piece in pieces { tokens += try tokeniser.read(piece) }
    tokens += try tokeniser.end()
    var counts = [Int](repeating: 0, count: vocabulary.count)
    for token in tokens { counts[Int(token)] += 1 }
    #expect(counts == vocabulary.counts)
    #expect(vocabulary.length == tokens.count)
    return tokens.map { vocabulary.words[Int($0)] }
  }

  private func tokens(_ text: String, limit: Int = 1 << 20) throws -> [String] {
    try tokens([Array(text.utf8)], limit: limit)
  }

  @Test func everyLineEndsWithItsToken() throws {
    #expect(try tokens("a b\n\nc d") == ["a", "b", "<eos>", "<eos>", "c", "d", "<eos>"])
    #expect(try tokens("a b\r\nc\n") == ["a", "b", "<eos>", "c", "<eos>"])
    #expect(try tokens("a b\n ") == ["a", "b", "<eos>", "<eos>"])
  }

  @Test func whiteSpaceIsUnicodes() throws {
    let spaces: [UInt32] = [
      0x09, 0x0B, 0x0C, 0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029, 0x202F,
      0x205F, 0x3000,
    ]
    for space in spaces {
      #expect(try tokens("a\(Unicode.Scalar(space)!)b") == ["a", "b", "<eos>"])
    }
    // Every scalar of the standard library's opinion is one of ours, and the other way round.
    for scalar in (UInt32(0)...0x10FFFF).compactMap(Unicode.Scalar.init) where scalar != "\n" {
      let isSpace = scalar.properties.isWhitespace
      let isCandidate = isSpace || scalar.value % 97 == 0 || scalar.value < 0x3100
      guard isCandidate else { continue }
      let expected = isSpace ? ["a", "b", "<eos>"] : ["a\(scalar)b", "c", "<eos>"]
      #expect(try tokens(isSpace ? "a\(scalar)b" : "a\(scalar)b c") == expected, "\(scalar.value)")
    }
  }

  @Test func nothingIsFolded() throws {
    // A composed and a decomposed letter are equal as Swift strings.
    let composed = Array("caf\u{E9} cafe\u{301} Caf\u{E9}\n".utf8)
    var counter = WordCounter()
    try counter.read(composed)
    #expect(try counter.end(limit: 100).count == 5)
  }

  @Test func aByteOrderMarkIsLeftOut() throws {
    #expect(try tokens("\u{FEFF}a b") == ["a", "b", "<eos>"])
    #expect(try tokens("a \u{FEFF}b") == ["a", "\u{FEFF}b", "<eos>"])
  }

  @Test func specialWordsInTheTextAreTheSpecialTokens() throws {
    #expect(try tokens("a <unk> <eos> a") == ["a", "<unk>", "<eos>", "a", "<eos>"])
    var counter = WordCounter()
    try counter.read(Array("a <unk> <eos> a".utf8))
    let vocabulary = try counter.end(limit: 100)
    #expect(vocabulary.words == ["<unk>", "<eos>", "a"])
    #expect(vocabulary.counts == [1, 2, 2])
  }

  @Test func theCapKeepsTheMostFrequentThenTheFirstInOrderOfBytes() throws {
    let text = "d c c b b a a e e e"
    #expect(
      try tokens(text, limit: 5)
        == ["<unk>", "<unk>", "<unk>", "b", "b", "a", "a", "e", "e", "e", "<eos>"])
    var counter = WordCounter()
    try counter.read(Array(text.utf8))
    let vocabulary = try counter.end(limit: 5)
    #expect(vocabulary.words == ["<unk>", "<eos>", "e", "a", "b"])
    #expect(vocabulary.counts == [3, 1, 3, 2, 2])
  }

  @Test func theCutIntoPiecesDoesNotMatter() throws {
    let text = Array(
      "\u{FEFF}Zwölf Boxkämpfer\u{2028}jagen\u{3000}日本語 <unk> 𝕏𝕐\r\n\nEva  über x\n".utf8)
    let whole = try tokens([text])
    #expect(whole.count == 12)
    for size in 1...text.count {
      let pieces = stride(from: 0, to: text.count, by: size).map {
        Array(text[$0..<min($0 + size, text.count)])
      }
      #expect(try tokens(pieces) == whole)
    }
  }

  @Test func manyWordsAreToldApart() throws {
    let words = (0..<20_000).map { "w\($0 * 7919 % 20_011)" }
    let text = (words + words.reversed()).joined(separator: " ")
    #expect(try tokens(text) == words + words.reversed() + ["<eos>"])
  }

  @Test func tooFewWordsAreRefused() {
    func fault(_ text: String) -> TextError? {
      var counter = WordCounter()
      do throws(TextError) {
        try counter.read(Array(text.utf8))
        _ = try counter.end(limit: 10)
        return nil
      } catch {
        return error
      }
    }
    #expect(fault("") == .tooShort(words: 0))
    #expect(fault(" \n\n") == .tooShort(words: 0))
    #expect(fault("word\n") == .tooShort(words: 1))
    #expect(fault("two words") == nil)
    #expect("\(TextError.tooShort(words: 0))" == "the text has no word")
    #expect(
      "\(TextError.tooShort(words: 1))"
        == "the text has 1 word; the prediction of the next needs two")
  }

  /// Each ill-formed sequence of Unicode's table 3-7, at every distance from the cut.
  @Test(arguments: [
    [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80],
    [0xE0, 0x9F, 0xBF], [0xE1, 0x80], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
    [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
    [0xF1, 0x80, 0x80],
  ])
  func illFormedBytesAreLocated(bytes: [UInt8]) {
    let text = Array("ä\nb c\nd ".utf8) + bytes + Array("\nx y\n".utf8)
    for size in 1...text.count {
      var counter = WordCounter()
      #expect(throws: TextError.illFormed(offset: 9, line: 3)) {
        for start in stride(from: 0, to: text.count, by: size) {
          try counter.read(Array(text[start..<min(start + size, text.count)]))
        }
        _ = try counter.end(limit: 10)
      }
    }
  }

  @Test func theErrorSaysWhere() {
    #expect(
      "\(TextError.illFormed(offset: 9, line: 3))"
        == "the text is not UTF-8 at byte 9, in line 3; convert it, for example with iconv")
  }
}
