/// Draws the sequences of each step: b different ones of the n, uniformly.
///
/// Sequences are numbered in the order of their contexts, so that neither their order in the dataset
/// nor how contexts are merged matters. A draw is the front of a Fisher–Yates shuffle that goes on
/// from the draw before: O(b), no allocation.
struct MiniBatches {
  private let size: Int
  private var order: [Int]
  private let contextOfSequence: [Int]
  /// The contexts of the sequences drawn.
  private var drawn: [Int] = []
  private var stream: Stream

  /// - Parameter size: b, 1…n.
  init(of size: Int, _ contexts: Contexts, from stream: Stream) {
    precondition(1...contexts.sequences ~= size, "a batch of \(size)")
    contextOfSequence = contexts.multiplicities.enumerated().flatMap { context, count in
      [Int](repeating: context, count: count)
    }
    (self.size, self.stream) = (size, stream)
    order = Array(0..<contexts.sequences)
  }

  /// The shares of the next batch.
  mutating func draw(into shares: ContextShares) {
    drawn.removeAll(keepingCapacity: true)
    for position in 0..<size {
      order.swapAt(position, position + stream.integer(below: order.count - position))
      let sequence = order[position]
      if sequence < contextOfSequence.count { drawn.append(contextOfSequence[sequence]) }
    }
    shares.set(drawn, unit: 1 / Double(size))
  }
}
