import Testing

@testable import Theory

@Suite struct ContextsTests {
  @Test func mergesPermutationsAndCountsTokens() {
    let contexts = Contexts(
      .unit(3, [[2, 0, 2, 1], [0, 2, 2, 1], [0, 1, 2, 2], [2, 0, 2, 1]], [0, 0, 0, 2]))
    #expect(contexts.lastTokens == [1, 2])
    #expect(contexts.queries == [0, 0, 1])
    #expect(contexts.labels == [0, 2, 0])
    #expect(contexts.multiplicities == [2, 1, 1])
    #expect(contexts.tokens == [0, 1, 2, 0, 1, 2, 0, 1, 2])
    #expect(contexts.counts == [1, 1, 2, 1, 1, 2, 1, 1, 2])
    #expect(contexts.starts == [0, 3, 6, 9])
  }

  @Test(arguments: 0..<10) func orderAndRepetitionChangeNoBit(seed: Int) {
    var random = TestRandom(seed)
    let dataset = random.dataset(n: 7, t: 4, k: 4, d: 3)
    let weights = random.matrix(3, 3)
    let reversed = Dataset(
      embeddings: dataset.embeddings, sequences: dataset.sequences.reversed(),
      labels: dataset.labels.reversed())
    let doubled = Dataset(
      embeddings: dataset.embeddings, sequences: dataset.sequences + dataset.sequences,
      labels: dataset.labels + dataset.labels)
    #expect(Contexts(reversed) == Contexts(dataset))
    let gradient = Loss.log.gradient(at: weights, of: Contexts(dataset))
    #expect(Loss.log.gradient(at: weights, of: Contexts(doubled)) == gradient)
    let value = Loss.log.value(at: weights, of: Contexts(dataset))
    #expect(Loss.log.value(at: weights, of: Contexts(doubled)) == value)
  }

  /// Every sequence of 3 tokens out of 3 with each of its labels, against softmax over positions.
  @Test func everySmallSequenceHasItsPositionsLoss() {
    var random = TestRandom(1)
    let weights = random.matrix(3, 3)
    for code in 0..<27 {
      let sequence = [code % 3, code / 3 % 3, code / 9]
      let powers = sequence.map { Kernels.exp(weights[$0, sequence[2]]) }
      for label in sequence {
        let contexts = Contexts(.unit(3, [sequence], [label]))
        let mass =
          zip(sequence, powers).filter { $0.0 == label }.map(\.1).reduce(0, +)
          / powers.reduce(0, +)
        let loss = Loss.log.value(at: weights, of: contexts).value
        #expect(abs(loss + Kernels.log(mass)) <= 1e-15)
      }
    }
  }

  @Test func reductionKeepsTheLabelsComponent() {
    // With last token 0: 1 ≍ 2 ⇒ 0; the third sequence keeps only its label.
    let dataset = Dataset.unit(3, [[1, 2, 0], [2, 1, 0], [1, 0]], [1, 2, 1])
    let reduced = Contexts(dataset).reduced(to: dataset.closureComponents)
    #expect(reduced.tokens == [1, 2, 1, 2])
    #expect(reduced.labels == [1, 2])
    #expect(reduced.sequences == 3)
    let acyclic = Dataset.unit(3, [[1, 2, 0]], [1])
    #expect(Contexts(acyclic).reduced(to: acyclic.closureComponents).count == 0)
  }
}
