/// Draws the sequences of each step: b different ones of the n, uniformly.
///
/// Sequences are numbered in the order of their contexts, so that neither their order in the dataset
/// nor how contexts are merged matters. A draw is the front of a Fisher–Yates shuffle that goes on
/// from the draw before: O(b), no allocation.
struct MiniBatches {
  private let size: Int
  private let whole: [Double]
  private var order: [Int]
  private let contextOfSequence: [Int]
  private var stream: Stream

  /// - Parameter size: b, 1…n.
  init(of size: Int, _ contexts: Contexts, from stream: Stream) {
    precondition(1...contexts.sequences ~= size, "a batch of \(size)")
    contextOfSequence = contexts.multiplicities.enumerated().flatMap { context, count in
      [Int](repeating: context, count: count)
    }
    (self.size, self.stream) = (size, stream)
    whole = contexts.shares
    order = Array(0..<contexts.sequences)
  }

  /// The shares of the next batch.
  mutating func draw(into shares: Block) {
    shares.clear()
    let unit = 1 / Double(size)
    for position in 0..<size {
      order.swapAt(position, position + stream.integer(below: order.count - position))
      let sequence = order[position]
      guard sequence < contextOfSequence.count else { continue }
      shares.pointer[contextOfSequence[sequence]] += unit
    }
  }

  /// The shares of all sequences.
  func restore(_ shares: Block) {
    for (context, share) in whole.enumerated() { shares.pointer[context] = share }
  }
}
