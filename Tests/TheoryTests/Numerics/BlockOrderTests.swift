import Testing

@testable import Theory

@Suite struct BlockOrderTests {
  private func order(_ sizes: [Int], _ weights: [Double]? = nil) throws -> BlockOrder {
    var stream = DistributionTests.stream("priorities")
    return try BlockOrder(sizes: sizes, weights: weights, vocabulary: 6, from: &stream)
  }

  @Test func blocksPartitionTheVocabulary() throws {
    for blocks in try order([1, 2, 3]).blocks {
      #expect(blocks.map(\.count) == [1, 2, 3])
      #expect(blocks.joined().sorted() == Array(0..<6))
    }
  }

  @Test func theLabelIsOfTheHighestBlockPresent() throws {
    let order = try order([2, 2, 2])
    var stream = DistributionTests.stream("labels")
    for _ in 0..<500 {
      let sequence = stream.choice(3, of: 6)
      let label = order.label(of: sequence, from: &stream)
      let top = order.blocks[sequence[2]].first { !Set($0).isDisjoint(with: sequence) }
      #expect(sequence.contains(label) && top!.contains(label))
    }
  }

  @Test func aDatasetsLabelsAreOfThePlantedTokens() throws {
    for structure in [Structure.strictOrder, .blocks(sizes: [2, 4], weights: nil)] {
      let design = DatasetDesign(
        sequences: 50, length: 4, vocabulary: 6, dimension: 8, embedding: .unitRandom,
        structure: structure)
      let dataset = try design.draw(seed: 5)
      let order = try #require(try design.plantedOrder(seed: 5))
      for (sequence, label) in zip(dataset.sequences, dataset.labels) {
        let highest = order.highest(in: sequence)
        #expect(highest.contains(label) && Set(highest).isSubset(of: sequence))
      }
    }
    let free = DatasetDesign(
      sequences: 5, length: 4, vocabulary: 6, dimension: 8, embedding: .unitRandom)
    #expect(try free.plantedOrder(seed: 5) == nil)
  }

  @Test func labelsFollowTheWeights() throws {
    let order = try order([4, 2], [1, 2, 3, 4])
    let block = order.blocks[0][0]
    var stream = DistributionTests.stream("labels")
    var counts = [0, 0]
    for _ in 0..<16_000 {
      let label = order.label(of: [block[0], block[2], block[2], 0], from: &stream)
      if label == block[2] { counts[1] += 1 } else { counts[0] += 1 }
    }
    let query = block.firstIndex(of: 0)
    let weights = [1 + (query.map { $0 == 1 || $0 == 3 ? Double($0) + 1 : 0 } ?? 0), 3]
    let share = weights[1] / (weights[0] + weights[1])
    let deviation = (share * (1 - share) / 16_000).squareRoot()
    #expect(abs(Double(counts[1]) / 16_000 - share) < 5 * deviation)
  }

  @Test(arguments: [[], [6, 0], [2, 2], [7, -1], [Int.max, Int.max], [3, 4]])
  func sizesThatDoNotPartitionAreRefused(sizes: [Int]) {
    #expect(throws: DatasetError.blockSizes(sizes, vocabulary: 6)) { try order(sizes) }
  }

  @Test(arguments: [[], [1], [1, 0], [1, -1], [1, .nan], [1, .infinity]])
  func weightsThatAreNoProbabilitiesAreRefused(weights: [Double]) {
    #expect(throws: DatasetError.self) { try order([2, 2, 2], weights) }
  }
}
