/// For every last token an assignment of the vocabulary to blocks of descending priority.
package struct BlockOrder: Hashable, Sendable {
  /// `blocks[k]`: the blocks of last token `k`, highest priority first.
  let blocks: [[[Int]]]
  /// Weights by place inside a block; all 1 if none are stated.
  let weights: [Double]

  /// Draws an assignment for each last token, in the order of their ids.
  ///
  /// - Parameters:
  ///   - sizes: tokens per block; positive, their sum is the vocabulary.
  ///   - weights: positive, at least as many as the largest block has tokens; nil is uniform.
  init(
    sizes: [Int], weights: [Double]?, vocabulary: Int, from stream: inout Stream
  ) throws(DatasetError) {
    // Bounded before they are added up, so that the sum cannot overflow.
    let allowed = sizes.count <= vocabulary && sizes.allSatisfy { 1...vocabulary ~= $0 }
    guard allowed, sizes.reduce(0, +) == vocabulary else {
      throw .blockSizes(sizes, vocabulary: vocabulary)
    }
    let largest = sizes.max() ?? 0
    if let weights {
      let total = weights.reduce(0, +)
      guard weights.count >= largest, weights.allSatisfy({ $0 > 0 }), total.isFinite else {
        throw .blockWeights(weights, largest: largest)
      }
    }
    self.weights = weights ?? Array(repeating: 1, count: largest)
    var blocks: [[[Int]]] = []
    for _ in 0..<vocabulary {
      var rest = stream.permutation(vocabulary)[...]
      blocks.append(
        sizes.map { size in
          defer { rest = rest.dropFirst(size) }
          return Array(rest.prefix(size))
        })
    }
    self.blocks = blocks
  }

  /// The tokens of highest priority in a sequence that is not empty, ascending.
  package func highest(in sequence: [Int]) -> [Int] {
    let present = Set(sequence)
    for block in blocks[sequence[sequence.count - 1]] {
      let tokens = block.filter(present.contains)
      if !tokens.isEmpty { return tokens.sorted() }
    }
    preconditionFailure("the blocks hold every token")
  }

  /// A label for a sequence: one of the tokens present of the highest-priority block that has any,
  /// with probabilities proportional to their weights, however often a token occurs.
  func label(of sequence: [Int], from stream: inout Stream) -> Int {
    for block in blocks[sequence[sequence.count - 1]] {
      let present = block.indices.filter { sequence.contains(block[$0]) }
      if present.count == 1 { return block[present[0]] }
      guard !present.isEmpty else { continue }
      return block[present[stream.index(weights: present.map { weights[$0] })]]
    }
    preconditionFailure("the blocks hold every token")
  }
}
