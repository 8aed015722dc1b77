import Testing

@testable import Theory

/// What holds of every gradient, whatever the variant.
@Suite struct ScanSnapPassTests {
  static let layers = [true, false].flatMap { normalised in
    [true, false].flatMap { residual in
      [true, false].map {
        ScanSnapLayer(isNormalised: normalised, hasResidual: residual, attendsToLast: $0)
      }
    }
  }

  /// A batch of 16 sequences of 12 tokens, and weights drawn of a seed, times `scale`.
  private func instance(_ seed: Int, scale: Double) -> (SequenceBatch, ScanSnapWeights) {
    let classes = SequenceClasses(lastTokens: 3, nextPerLast: 2, common: 3, distinct: 4)
    let batch = SequenceBatch(classes, size: 16)
    BatchSampler(classes, length: 11, batch: 16, seed: seed).draw(0, into: batch)
    let weights = ScanSnapWeights(classes)
    weights.draw(seed: seed)
    for i in 0..<weights.decoder.count { weights.decoder.pointer[i] *= scale }
    for i in 0..<weights.attention.count { weights.attention.pointer[i] *= scale }
    return (batch, weights)
  }

  @Test(arguments: layers) func gradientsAreDifferences(_ layer: ScanSnapLayer) {
    for seed in 1...5 {
      let (batch, weights) = instance(seed, scale: 3)
      let pass = ScanSnapPass(layer, batch, stride: weights.stride)
      let gradient = ScanSnapWeights(batch.classes)
      _ = pass.differentiate(weights, into: gradient)
      for (block, slopes) in [
        (weights.decoder, gradient.decoder), (weights.attention, gradient.attention),
      ] {
        for entry in stride(from: seed, to: block.count, by: 13) {
          let start = block.pointer[entry]
          func loss(_ change: Double) -> Double {
            block.pointer[entry] = start + change
            return pass.evaluate(weights).loss
          }
          let isPadding =
            block === weights.decoder
            && entry % weights.stride >= batch.classes.vocabulary
          guard !isPadding else { continue }
          let difference = (loss(1e-5) - loss(-1e-5)) / 2e-5
          block.pointer[entry] = start
          #expect(abs(difference - slopes.pointer[entry]) <= 1e-9)
        }
      }
    }
  }

  /// The softmax is shift-invariant, so the gradient by a row of `Z` and by a column of `Y` sums to 0.
  @Test(arguments: layers) func rowsOfGradientsSumToZero(_ layer: ScanSnapLayer) {
    let (batch, weights) = instance(7, scale: 2)
    let gradient = ScanSnapWeights(batch.classes)
    let pass = ScanSnapPass(layer, batch, stride: weights.stride)
    _ = pass.differentiate(weights, into: gradient)
    let attention = gradient.attention.values
    let vocabulary = batch.classes.vocabulary
    for row in 0..<batch.classes.lastTokens {
      #expect(abs(Kernels.sum(Array(attention[row * vocabulary..<(row + 1) * vocabulary]))) < 1e-15)
    }
    let decoder = gradient.decoder.values
    for token in 0..<batch.classes.inputTokens {
      let first = token * weights.stride
      #expect(abs(Kernels.sum(Array(decoder[first..<first + weights.stride]))) < 1e-15)
    }
  }

  /// Scores and logits of a thousand neither overflow nor lose the loss.
  @Test(arguments: layers) func hugeWeightsAreHarmless(_ layer: ScanSnapLayer) {
    let (batch, weights) = instance(3, scale: 1e4)
    let gradient = ScanSnapWeights(batch.classes)
    let pass = ScanSnapPass(layer, batch, stride: weights.stride)
    let outcome = pass.differentiate(weights, into: gradient)
    #expect(outcome.loss.isFinite && outcome.loss > 0)
    #expect(gradient.attention.values.allSatisfy { $0.isFinite })
    #expect(gradient.decoder.values.allSatisfy { $0.isFinite })
  }

  /// Where all weights are 0, every next token is as likely and every position has equal attention.
  @Test func zeroWeightsAreIgnorant() {
    let (batch, weights) = instance(1, scale: 0)
    let pass = ScanSnapPass(ScanSnapLayer(), batch, stride: weights.stride)
    let outcome = pass.evaluate(weights)
    let vocabulary = Double(batch.classes.vocabulary)
    #expect(abs(outcome.loss - Kernels.log(vocabulary)) < 1e-14)
    #expect(abs(outcome.likelihood - 1 / vocabulary) < 1e-15)
  }
}
