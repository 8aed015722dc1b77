import CKernels
import Testing

@testable import Theory

@Suite struct BatchSamplerTests {
  private let classes = SequenceClasses(lastTokens: 3, nextPerLast: 2)

  /// The rows of batch τ, by class.
  private func counts(_ iteration: Int, seed: Int, length: Int = 127) -> [[Double]] {
    let batch = SequenceBatch(classes, size: 64)
    BatchSampler(classes, length: length, batch: 64, seed: seed).draw(iteration, into: batch)
    return rows(batch)
  }

  private func rows(_ batch: SequenceBatch) -> [[Double]] {
    (0..<batch.size).map { row in
      (0..<batch.width).map { batch.counts.pointer[row * batch.width + $0] }
    }
  }

  @Test(arguments: [1, 2, 5, 16, 127]) func everyPositionIsCountedOnce(_ length: Int) {
    for row in counts(0, seed: 3, length: length) {
      #expect(row.reduce(0, +) == Double(length))
      #expect(row.allSatisfy { $0 >= 0 } && row.last == 0)
    }
  }

  /// A batch is named by its seed and iteration alone.
  @Test func batchesDoNotDependOnOthers() {
    let sampler = BatchSampler(classes, length: 127, batch: 64, seed: 5)
    let batch = SequenceBatch(classes, size: 64)
    for iteration in 0..<4 { sampler.draw(iteration, into: batch) }
    #expect(rows(batch) == counts(3, seed: 5))
    #expect(counts(3, seed: 5) != counts(2, seed: 5))
    #expect(counts(3, seed: 5) != counts(3, seed: 6))
  }

  /// The same tokens, drawn one by one from the stream as `Stream` documents it.
  @Test func countsAreThoseOfTheTokensDrawn() {
    let (length, size) = (10, 8)
    let batch = SequenceBatch(classes, size: size)
    BatchSampler(classes, length: length, batch: size, seed: 9).draw(1, into: batch)
    var labels = Stream(kind: "snap", seed: 9, purpose: "classes")
    var tokens = Stream(kind: "snap", seed: 9, purpose: "tokens")
    func words(_ stream: inout Stream, _ count: Int) -> [UInt32] {
      (0..<count / 2).flatMap { _ in
        let pair = stream.next()
        return [UInt32(truncatingIfNeeded: pair), UInt32(truncatingIfNeeded: pair >> 32)]
      }
    }
    // Batch 0 takes as many words: 8 labels and 8 sequences of 12 words, of which 10 are used.
    let drawn = Array(words(&labels, 16)[8...]).map { Double($0) / 0x1p32 * 6 }.map { Int($0) }
    let all = Array(words(&tokens, 2 * 96)[96...])
    var expected = [[Double]](repeating: .init(repeating: 0, count: batch.width), count: size)
    let order = (0..<size).sorted { (drawn[$0], $0) < (drawn[$1], $1) }
    for (row, sequence) in order.enumerated() {
      for word in all[sequence * 12..<sequence * 12 + length] {
        var (token, rest) = (0, Double(word) / 0x1p32)
        while token < classes.contextTokens - 1, rest >= classes.probabilities[token] {
          rest -= classes.probabilities[token]
          token += 1
        }
        expected[row][token] += 1
      }
    }
    #expect(rows(batch) == expected)
    #expect(batch.starts == (0...6).map { bound in drawn.count { $0 < bound } })
  }

  /// Every token's frequency is its probability to within five standard errors.
  @Test func frequenciesAreProbabilities() {
    var totals = [Double](repeating: 0, count: classes.contextTokens)
    let batches = 200
    for iteration in 0..<batches {
      for row in counts(iteration, seed: 1) {
        for token in totals.indices { totals[token] += row[token] }
      }
    }
    let draws = Double(batches * 64 * 127)
    for (total, probability) in zip(totals, classes.probabilities) {
      let error = (probability * (1 - probability) / draws).squareRoot()
      #expect(abs(total / draws - probability) < 5 * error)
    }
  }

  @Test func wordsAreThoseOfSingleBlocks() {
    var words = [UInt32](repeating: 0, count: 4 * 21)
    let first: UInt64 = 0xffff_fff9
    mk_philox(&words, [7, 8], [9, 10], first, 21)
    for block in 0..<21 {
      let counter = first + UInt64(block)
      let expected = Philox.block(
        counter: SIMD4(UInt32(truncatingIfNeeded: counter), UInt32(counter >> 32), 9, 10),
        key: SIMD2(7, 8))
      #expect((0..<4).allSatisfy { words[4 * block + $0] == expected[$0] })
    }
  }

  @Test func wordsAreCountedAtEveryThreshold() {
    for (thresholds, words) in [(1, 0), (1, 5), (16, 33), (17, 40), (40, 7)] {
      var stream = Stream(kind: "test", seed: thresholds, purpose: "words")
      func draw(_ count: Int) -> [UInt32] {
        (0..<count).map { _ in UInt32(truncatingIfNeeded: stream.next()) }
      }
      let (bounds, values) = (draw(thresholds - 1) + [.max], draw(words) + [0, .max])
      var counts = [UInt32](repeating: 0, count: thresholds)
      mk_count_at_least(&counts, bounds, thresholds, values, values.count)
      #expect(counts.map(Int.init) == bounds.map { bound in values.count { $0 >= bound } })
    }
  }
}
