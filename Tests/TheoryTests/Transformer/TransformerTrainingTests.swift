import Testing

@testable import Theory

/// What training reads, measures and keeps.
@Suite struct TransformerTrainingTests {
  @Test func columnsAreReadSideBySide() {
    // Three columns of 7, the last two tokens left out; two batches of 3.
    let columns = TokenColumns(Array(0..<23), columns: 3, length: 3)
    #expect(columns.count == 2)
    #expect(columns.batch(0).tokens == [0, 1, 2, 7, 8, 9, 14, 15, 16])
    #expect(columns.batch(0).labels == [1, 2, 3, 8, 9, 10, 15, 16, 17])
    #expect(columns.batch(1).tokens == [3, 4, 5, 10, 11, 12, 17, 18, 19])
    #expect(columns.batch(1).labels == [4, 5, 6, 11, 12, 13, 18, 19, 20])
    #expect(columns.batch(2) == columns.batch(0))
  }

  @Test func aBatchNeedsItsLabels() {
    #expect(TokenColumns(Array(0..<9), columns: 3, length: 3).count == 0)
    #expect(TokenColumns(Array(0..<12), columns: 3, length: 3).count == 1)
    #expect(TokenColumns([], columns: 3, length: 3).count == 0)
  }

  @Test func entropyIsOneWhereAttentionIsEvenAndZeroWhereItIsNot() throws {
    let third = 1.0 / 3
    let even = Matrix(rows: 3, columns: 3, elements: [1, 0, 0, 0.5, 0.5, 0, third, third, third])
    var entropy = AttentionEntropy()
    #expect(entropy.mean == nil)
    entropy.add(even, length: 3)
    #expect(abs(try #require(entropy.share) - 1) < 1e-15)
    #expect(abs(try #require(entropy.mean) - (Kernels.log(2) + Kernels.log(3)) / 2) < 1e-15)
    var sharp = AttentionEntropy()
    sharp.add(Matrix(rows: 3, columns: 3, elements: [1, 0, 0, 1, 0, 0, 0, 0, 1]), length: 3)
    #expect(sharp.mean == 0)
    #expect(sharp.share == 0)
    // The first query of each sequence has no choice.
    var single = AttentionEntropy()
    single.add(Matrix(rows: 2, columns: 1, elements: [1, 1]), length: 1)
    #expect(single.mean == nil)
  }

  @Test func unigramLossIsThatOfTheCounts() {
    let loss = UnigramModel.loss(of: [0, 1, 1, 2], after: [0, 0, 0, 1], vocabulary: 3)
    let probabilities = [4.0 / 7, 2.0 / 7, 2.0 / 7, 1.0 / 7]
    let expected = -probabilities.map { Kernels.log($0) }.reduce(0, +) / 4
    #expect(abs(loss - expected) < 1e-15)
  }

  @Test func dropoutKeepsItsShareAndTheMean() {
    for probability in [0.1, 0.5, 0.9] {
      let count = 100_001
      let grid = Grid(1, count)
      let mask = Dropout.random(probability, seed: 3, iteration: 7).fill(grid, .inner, 0)
      #expect(mask != nil)
      let dropped = grid.array.count { $0 == 0 }
      let deviation = (probability * (1 - probability) * Double(count)).squareRoot()
      #expect(abs(Double(dropped) - probability * Double(count)) < 5 * deviation)
      #expect(abs((grid.array.max() ?? 0) * (1 - probability) - 1) < 1e-9)
    }
    #expect(Dropout.random(0, seed: 3, iteration: 7).fill(Grid(1, 9), .inner, 0) == nil)
  }

  @Test func masksDifferBySiteLayerIterationAndSeed() {
    func mask(_ site: Dropout.Site, _ layer: Int, _ iteration: Int, _ seed: Int) -> [Double] {
      let grid = Grid(10, 30)
      _ = Dropout.random(0.5, seed: seed, iteration: iteration).fill(grid, site, layer)
      return grid.array
    }
    let all = [
      mask(.inner, 0, 0, 1), mask(.outer, 0, 0, 1), mask(.inner, 1, 0, 1), mask(.inner, 0, 1, 1),
      mask(.inner, 0, 0, 2),
    ]
    #expect(Set(all).count == all.count)
    #expect(mask(.inner, 0, 0, 1) == all[0])
  }

  private func run(
    _ tokens: [Int], iterations: Int, dropout: Double, workers: Workers = .alone
  ) -> TransformerRun {
    let shape = TransformerShape(
      vocabulary: 8, dimension: 16, hidden: 16, layers: 1, length: 6, hasPositions: true)
    let training = TransformerTraining(
      shape, sequences: 4, iterations: iterations, stepSize: 1, clip: 0.25, dropout: dropout,
      schedule: .every(20), mapIterations: [0, iterations], validationBatches: 2)
    let columns = TokenColumns(tokens, columns: 4, length: 6)
    return training.run(columns, validation: columns, seed: 5, workers: workers)
  }

  /// Each token is that three places before it: only attention can tell.
  private let repeating: [Int] = {
    var stream = Stream(kind: "test", seed: 2, purpose: "repeating")
    var tokens: [Int] = []
    while tokens.count < 1200 {
      let three = (0..<3).map { _ in stream.integer(below: 8) }
      tokens += three + three
    }
    return tokens
  }()

  @Test func whatCanBeLearnedIsLearned() throws {
    let run = run(repeating, iterations: 400, dropout: 0)
    let losses = run.records.map(\.validationLoss)
    #expect(run.records.map(\.iteration) == Array(stride(from: 0, through: 400, by: 20)))
    #expect(losses[0] > Kernels.log(8) - 0.2)
    // Without attention ln 8 is the least possible; half of the tokens cannot be known with it.
    let last = try #require(losses.last)
    #expect(last < 0.9 * Kernels.log(8))
    #expect(run.records[0].trainingLoss == nil)
    #expect(try #require(run.records[1].gradientNorm) > 0)
  }

  @Test func threadsAndRepetitionChangeNothing() {
    let first = run(repeating, iterations: 30, dropout: 0.3)
    #expect(run(repeating, iterations: 30, dropout: 0.3, workers: Workers(count: 2)) == first)
    #expect(run(repeating, iterations: 30, dropout: 0) != first)
  }

  @Test func mapsAreOfTheIterationsThatAreAskedFor() {
    let run = run(repeating, iterations: 10, dropout: 0.3)
    #expect(run.mapIterations == [0, 10])
    for map in run.maps.flatMap(\.self) {
      for query in 0..<6 {
        #expect(abs(map[row: query].reduce(0, +) - 1) < 1e-14)
        #expect(map[row: query].dropFirst(query + 1).allSatisfy { $0 == 0 })
      }
    }
  }

  @Test func parametersFillTheArrayWithoutGaps() {
    let shape = TransformerShape(
      vocabulary: 11, dimension: 4, hidden: 6, layers: 2, length: 5, hasPositions: true)
    var end = 0
    for parameter in shape.parameters {
      #expect(parameter.offset == end)
      end = parameter.range.upperBound
    }
    let initial = shape.initialParameters(seed: 1)
    #expect(initial.count == end)
    let layer = 3 * 16 + 12 + 16 + 4 + 24 + 6 + 24 + 4 + 16
    #expect(end == 11 * 4 + 5 * 4 + 2 * layer + 4 * 11 + 11)
    #expect(initial.prefix(44).allSatisfy { abs($0) <= 0.1 })
    #expect(initial.suffix(11).allSatisfy { $0 == 0 })
  }
}
