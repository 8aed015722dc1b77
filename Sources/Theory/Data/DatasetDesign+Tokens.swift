/// The tokens of the sequences.
extension DatasetDesign {
  /// n sequences of T tokens, from the stream `tokens/<attempt>`.
  ///
  /// All tokens play the same part in the draw of a sequence. Renaming two of them therefore turns
  /// a sequence that ends with one into a sequence that ends with the other, with its right
  /// distribution; so all sequences are made to end with the last token of the first.
  func drawSequences(attempt: Int, seed: Int) -> [[Int]] {
    drawSequences(purpose: "tokens/\(attempt)", seed: seed)
  }

  /// n sequences of T tokens, from the stream of this purpose.
  /// - Parameter first: the sequence whose last token or tokens all share; nil: the first drawn.
  func drawSequences(purpose: String, after first: [Int]? = nil, seed: Int) -> [[Int]] {
    var stream = stream(purpose, seed: seed)
    var result: [[Int]] = []
    result.reserveCapacity(sequences)
    for _ in 0..<sequences {
      let first = first ?? result.first
      var tokens = drawSequence(after: first, from: &stream)
      if sameLastToken, let last = first?.last { tokens.exchange(tokens[length - 1], last) }
      result.append(tokens)
    }
    return result
  }

  /// One sequence. Without replacement when T ≤ K, otherwise every token once and T − K uniform
  /// draws, in random order; so every token is equally likely to be the last.
  private func drawSequence(after first: [Int]?, from stream: inout Stream) -> [Int] {
    if length <= vocabulary {
      guard sameTokenSet, var tokens = first else {
        return stream.choice(length, of: vocabulary)
      }
      stream.shuffle(&tokens)
      return tokens
    }
    var tokens = Array(0..<vocabulary)
    for _ in vocabulary..<length { tokens.append(stream.integer(below: vocabulary)) }
    stream.shuffle(&tokens)
    return tokens
  }
}

extension [Int] {
  /// Replaces every `a` by `b` and every `b` by `a`.
  fileprivate mutating func exchange(_ a: Int, _ b: Int) {
    for index in indices {
      if self[index] == a {
        self[index] = b
      } else if self[index] == b {
        self[index] = a
      }
    }
  }
}
