import Canonical
import Theory

/// A vocabulary as JSON: `words`, the spelling of each token, and `counts`, how often it occurs.
enum VocabularyFile {
  static let name = "vocabulary.json"

  static func bytes(_ vocabulary: Vocabulary) -> [UInt8] {
    let document: Value = [
      "words": .list(vocabulary.words.map(Value.string)),
      "counts": .list(vocabulary.counts.map(Value.integer)),
    ]
    return document.jsonBytes()
  }

  static func vocabulary(_ bytes: [UInt8]) throws(FormatError) -> Vocabulary {
    guard let document = Value(json: bytes),
      let words = document["words"]?.list?.compactMap(\.string),
      let counts = document["counts"]?.list?.compactMap(\.integer), words.count == counts.count
    else { throw FormatError("\(name) is no vocabulary") }
    return Vocabulary(words: words, counts: counts)
  }
}
