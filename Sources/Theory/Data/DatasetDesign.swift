/// What data to draw: `n` sequences of length `T` over `K` tokens, embedded in `d` dimensions.
///
/// Embeddings, tokens, labels and priorities each have a stream of their own (of kind `data`), and
/// every attempt of a rejection has its own streams of tokens and labels. So designs that agree in
/// the shapes share the draws: other embeddings leave the sequences as they are, and `acyclic` and
/// `any` give the same dataset wherever the first attempt is acyclic.
package struct DatasetDesign: Hashable, Sendable {
  /// n, the number of sequences.
  package var sequences: Int
  /// T, the tokens of a sequence.
  package var length: Int
  /// K, the number of tokens of the vocabulary.
  package var vocabulary: Int
  /// d, the embeddings' dimension.
  package var dimension: Int
  package var embedding: Embedding
  package var structure: Structure
  /// Whether all sequences end with one token.
  package var sameLastToken: Bool
  /// Whether all sequences have one set of tokens.
  package var sameTokenSet: Bool
  /// How many datasets `acyclic` and `cyclic` draw at most.
  package var maximumAttempts: Int

  package init(
    sequences: Int, length: Int, vocabulary: Int, dimension: Int, embedding: Embedding,
    structure: Structure = .any, sameLastToken: Bool = false, sameTokenSet: Bool = false,
    maximumAttempts: Int = 10_000
  ) {
    (self.sequences, self.length) = (sequences, length)
    (self.vocabulary, self.dimension) = (vocabulary, dimension)
    (self.embedding, self.structure) = (embedding, structure)
    (self.sameLastToken, self.sameTokenSet) = (sameLastToken, sameTokenSet)
    self.maximumAttempts = maximumAttempts
  }

  /// The dataset of a seed, 0…2⁶³ − 1.
  ///
  /// With `Structure.given` that dataset itself, whatever the design's sizes are.
  package func draw(seed: Int) throws(DatasetError) -> Dataset {
    if case .given(let dataset) = structure {
      try dataset.validate()
      return dataset
    }
    try validate()
    let embeddings = try drawEmbeddings(seed: seed)
    let (tokens, labels) = try drawLabelled(seed: seed)
    return Dataset(embeddings: embeddings, sequences: tokens, labels: labels)
  }

  /// A stream of this kind of stage.
  func stream(_ purpose: String, seed: Int) -> Stream {
    Stream(kind: "data", seed: seed, purpose: purpose)
  }

  private func validate() throws(DatasetError) {
    let sizes = [
      ("sequences", sequences), ("length", length), ("vocabulary", vocabulary),
      ("dimension", dimension), ("maximum attempts", maximumAttempts),
    ]
    for (name, value) in sizes where value < 1 { throw .size(name: name, value: value) }
  }

  private func drawEmbeddings(seed: Int) throws(DatasetError) -> Matrix {
    var stream = stream("embedding", seed: seed)
    do {
      return try embedding.draw(vocabulary: vocabulary, dimension: dimension, from: &stream)
    } catch {
      throw .embedding(error)
    }
  }

  private func drawLabelled(seed: Int) throws(DatasetError) -> ([[Int]], [Int]) {
    switch structure {
    case .any:
      return drawAttempt(0, seed: seed)
    case .acyclic:
      return try drawUntil(acyclic: true, seed: seed)
    case .cyclic:
      return try drawUntil(acyclic: false, seed: seed)
    case .strictOrder, .blocks:
      return drawPrioritized(try plantedOrder(seed: seed)!, seed: seed)
    case .given(let dataset):
      return (dataset.sequences, dataset.labels)
    }
  }

  private func drawAttempt(_ attempt: Int, seed: Int) -> ([[Int]], [Int]) {
    let tokens = drawSequences(attempt: attempt, seed: seed)
    return (tokens, drawLabels(of: tokens, attempt: attempt, seed: seed))
  }

  /// Draws whole datasets until one fits.
  private func drawUntil(acyclic: Bool, seed: Int) throws(DatasetError) -> ([[Int]], [Int]) {
    for attempt in 0..<maximumAttempts {
      let (tokens, labels) = drawAttempt(attempt, seed: seed)
      if isAcyclic(sequences: tokens, labels: labels, vocabulary: vocabulary) == acyclic {
        return (tokens, labels)
      }
    }
    throw acyclic ? .noAcyclic(attempts: maximumAttempts) : .noCyclic(attempts: maximumAttempts)
  }

  private func drawPrioritized(_ order: BlockOrder, seed: Int) -> ([[Int]], [Int]) {
    let tokens = drawSequences(attempt: 0, seed: seed)
    var labels = stream("labels/0", seed: seed)
    return (tokens, tokens.map { order.label(of: $0, from: &labels) })
  }

  /// The priorities that the labels of a seed's dataset follow; nil where the structure plants none.
  package func plantedOrder(seed: Int) throws(DatasetError) -> BlockOrder? {
    let (sizes, weights): ([Int], [Double]?)
    switch structure {
    case .strictOrder: (sizes, weights) = (Array(repeating: 1, count: vocabulary), nil)
    case .blocks(let stated, let weighted): (sizes, weights) = (stated, weighted)
    case .any, .acyclic, .cyclic, .given: return nil
    }
    var priorities = stream("priorities", seed: seed)
    return try BlockOrder(sizes: sizes, weights: weights, vocabulary: vocabulary, from: &priorities)
  }
}
