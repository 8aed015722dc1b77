/// Why a dataset cannot be drawn.
package enum DatasetError: Error, Hashable, Sendable {
  /// The embeddings cannot be drawn.
  case embedding(EmbeddingError)
  /// A size that must be at least 1 is not.
  case size(name: String, value: Int)
  /// Block sizes that are not positive numbers with sum K.
  case blockSizes([Int], vocabulary: Int)
  /// Block weights that are not positive finite numbers, or fewer than the largest block needs.
  case blockWeights([Double], largest: Int)
  /// No acyclic dataset was found within the bound on the attempts.
  case noAcyclic(attempts: Int)
  /// No cyclic dataset was found within the bound on the attempts.
  case noCyclic(attempts: Int)
  /// A given sequence is empty or has a token outside the vocabulary.
  case givenSequence(index: Int)
  /// A given label does not occur in its sequence.
  case givenLabel(index: Int)
}

extension DatasetError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .embedding(let error):
      error.description
    case .size(let name, let value):
      "\(name) is \(value); it must be at least 1"
    case .blockSizes(let sizes, let vocabulary):
      "block sizes \(sizes) must be positive and add up to the vocabulary, \(vocabulary)"
    case .blockWeights(let weights, let largest):
      "block weights \(weights) must be positive and finite, and at least \(largest) of them, "
        + "as many as the largest block has tokens"
    case .noAcyclic(let attempts):
      "none of \(attempts) drawn datasets is acyclic; fewer or shorter sequences make it likelier, "
        + "and `strict-order` draws data that are always acyclic"
    case .noCyclic(let attempts):
      "none of \(attempts) drawn datasets has a cycle; more sequences make it likelier, and "
        + "`blocks` draws data whose components are chosen"
    case .givenSequence(let index):
      "given sequence \(index) is empty or has a token outside the vocabulary"
    case .givenLabel(let index):
      "the label of given sequence \(index) does not occur in it"
    }
  }
}
