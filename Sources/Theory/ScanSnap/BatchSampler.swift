private import CKernels

/// Draws the fresh sequences of each batch: classes uniformly, context tokens i.i.d. from the class.
///
/// Only counts matter, so no token is looked up: each draw is a word of 32 bits, and the words above
/// the cumulative probabilities are counted, whose differences are the tokens' counts. Probabilities
/// are thus multiples of 2⁻³². Batch τ of a seed does not depend on which batches are drawn.
final class BatchSampler {
  private let classes: SequenceClasses
  /// The context tokens of a sequence, L − 1.
  private let length: Int
  /// The words of a sequence: whole blocks.
  private let stride: Int
  /// For each context token but the first, the least word that draws it or a later one.
  private let thresholds: [UInt32]
  private let labels: Stream
  private let tokens: Stream
  private var words: [UInt32]
  private var above: [UInt32]

  init(_ classes: SequenceClasses, length: Int, batch: Int, seed: Int) {
    (self.classes, self.length) = (classes, length)
    stride = (length + 3) / 4 * 4
    var cumulative = 0.0
    thresholds = classes.probabilities.dropLast().map { probability in
      cumulative += probability
      return UInt32(clamping: Int((cumulative * 0x1p32).rounded()))
    }
    labels = Stream(kind: "snap", seed: seed, purpose: "classes")
    tokens = Stream(kind: "snap", seed: seed, purpose: "tokens")
    words = .init(repeating: 0, count: max(stride, (classes.count + 3) / 4 * 4) * batch)
    above = .init(repeating: 0, count: thresholds.count)
  }

  /// Draws batch τ.
  func draw(_ iteration: Int, into batch: SequenceBatch) {
    let rows = batch.arrange(drawLabels(iteration, batch.size))
    let blocks = stride / 4 * batch.size
    tokens.fill(&words, from: UInt64(iteration) * UInt64(blocks), blocks: blocks)
    for (sequence, row) in rows.enumerated() {
      count(sequence * stride, into: batch.counts.pointer + row * batch.width)
    }
  }

  /// Uniform up to a bias of 2⁻³² C: the upper half of a word times the number of classes.
  private func drawLabels(_ iteration: Int, _ count: Int) -> [Int] {
    let blocks = (count + 3) / 4
    labels.fill(&words, from: UInt64(iteration) * UInt64(blocks), blocks: blocks)
    return (0..<count).map { Int((UInt64(words[$0]) * UInt64(classes.count)) >> 32) }
  }

  private func count(_ first: Int, into counts: UnsafeMutablePointer<Double>) {
    words.withUnsafeBufferPointer { words in
      mk_count_at_least(
        &above, thresholds, thresholds.count, words.baseAddress! + first, length)
    }
    var before = length
    for (token, count) in above.enumerated() {
      counts[token] = Double(before - Int(count))
      before = Int(count)
    }
    counts[above.count] = Double(before)
  }
}
