import Canonical
import Manifests
import Pipeline
import Theory

extension StageKind {
  /// The words of a text that have a token of their own.
  static let vocabulary = StageKind(
    "vocabulary", version: 1, models: ["corpus", "transformer"], scope: .run,
    reads: ["data.text", "data.vocabulary"], outputs: [VocabularyFile.name]
  ) { context in
    let parameters = context.parameters
    var counter = WordCounter()
    try context.forEachPiece(of: parameters["data.text"].string!) { try counter.read($0) }
    let vocabulary = try counter.end(limit: parameters["data.vocabulary"].integer!)
    return [VocabularyFile.bytes(vocabulary)]
  }
}

extension StageContext {
  /// The vocabulary of the stage's input.
  func vocabulary() throws -> Vocabulary {
    try VocabularyFile.vocabulary(input("vocabulary", VocabularyFile.name))
  }

  /// Calls `body` with the tokens of the text, piece by piece.
  func forEachToken(of vocabulary: Vocabulary, _ body: ([UInt32]) throws -> Void) throws {
    var tokeniser = Tokeniser(vocabulary)
    try forEachPiece(of: parameters["data.text"].string!) { try body(try tokeniser.read($0)) }
    try body(try tokeniser.end())
  }
}
