import Testing

@testable import Theory

@Suite struct DatasetDesignTests {
  private func design(
    _ n: Int = 6, _ length: Int = 4, _ vocabulary: Int = 6, _ structure: Structure = .any,
    last: Bool = false, set: Bool = false
  ) -> DatasetDesign {
    DatasetDesign(
      sequences: n, length: length, vocabulary: vocabulary, dimension: 8, embedding: .unitRandom,
      structure: structure, sameLastToken: last, sameTokenSet: set)
  }

  private func acyclic(_ data: Dataset) -> Bool {
    isAcyclic(sequences: data.sequences, labels: data.labels, vocabulary: data.vocabulary)
  }

  static let structures: [Structure] = [
    .any, .acyclic, .cyclic, .strictOrder, .blocks(sizes: [1, 2, 3], weights: [3, 2, 1]),
  ]

  @Test(arguments: structures)
  func everyDatasetIsValid(structure: Structure) throws {
    for seed in 0..<50 {
      let data = try design(6, 4, 6, structure).draw(seed: seed)
      try data.validate()
      #expect(data.sequences.count == 6)
      #expect(data.sequences.allSatisfy { $0.count == 4 && Set($0).count == 4 })
    }
  }

  @Test func structuresKeepTheirWord() throws {
    for seed in 0..<50 {
      #expect(acyclic(try design(6, 4, 6, .acyclic).draw(seed: seed)))
      #expect(!acyclic(try design(6, 4, 6, .cyclic).draw(seed: seed)))
      #expect(acyclic(try design(30, 4, 6, .strictOrder).draw(seed: seed)))
    }
  }

  @Test func longSequencesHaveEveryToken() throws {
    let data = try design(50, 9, 6).draw(seed: 1)
    #expect(data.sequences.allSatisfy { $0.count == 9 && Set($0).count == 6 })
  }

  @Test(arguments: [4, 6, 9], [false, true])
  func everyTokenIsEquallyLikelyToBeTheLast(length: Int, set: Bool) throws {
    var counts = [Int](repeating: 0, count: 6)
    for seed in 0..<6000 {
      counts[try design(2, length, 6, set: set).draw(seed: seed).sequences[1].last!] += 1
    }
    #expect(DistributionTests.fits(counts))
  }

  @Test(arguments: [4, 6, 9], [false, true])
  func oneLastTokenForAll(length: Int, set: Bool) throws {
    for seed in 0..<20 {
      let data = try design(8, length, 6, last: true, set: set).draw(seed: seed)
      #expect(Set(data.sequences.map(\.last)).count == 1)
      #expect(!set || Set(data.sequences.map(Set.init)).count == 1)
      #expect(length > 6 || data.sequences.allSatisfy { Set($0).count == length })
    }
  }

  @Test func oneTokenSetForAll() throws {
    let data = try design(20, 4, 9, set: true).draw(seed: 2)
    #expect(Set(data.sequences.map(Set.init)).count == 1)
    #expect(Set(data.sequences).count > 1)
  }

  @Test func labelsAreUniformOverPositions() throws {
    var counts = [Int](repeating: 0, count: 4)
    for seed in 0..<4000 {
      let data = try design(1).draw(seed: seed)
      counts[data.sequences[0].firstIndex(of: data.labels[0])!] += 1
    }
    #expect(DistributionTests.fits(counts))
  }

  @Test func designsShareTheirDraws() throws {
    let any = try design().draw(seed: 4)
    var other = design()
    other.embedding = .orthonormal
    #expect(try other.draw(seed: 4).sequences == any.sequences)
    #expect(try other.draw(seed: 4).labels == any.labels)
    let fitting = acyclic(any) ? Structure.acyclic : .cyclic
    #expect(try design(6, 4, 6, fitting).draw(seed: 4) == any)
    #expect(try design(6, 4, 6, .strictOrder).draw(seed: 4).sequences == any.sequences)
    #expect(try design().draw(seed: 5) != any)
  }

  @Test func theBoundOnAttemptsIsAnError() {
    var star = design(1, 4, 6, .cyclic)
    star.maximumAttempts = 20
    #expect(throws: DatasetError.noCyclic(attempts: 20)) { try star.draw(seed: 0) }
    var dense = design(200, 6, 6, .acyclic)
    dense.maximumAttempts = 20
    #expect(throws: DatasetError.noAcyclic(attempts: 20)) { try dense.draw(seed: 0) }
    #expect(DatasetError.noAcyclic(attempts: 20).description.contains("strict-order"))
  }

  @Test func sizesBelowOneAreRefused() {
    #expect(throws: DatasetError.size(name: "length", value: 0)) { try design(2, 0).draw(seed: 0) }
  }

  @Test func aGivenDatasetIsChecked() throws {
    let embeddings = Matrix(rows: 2, columns: 1, elements: [1, 2])
    let good = Dataset(embeddings: embeddings, sequences: [[0, 1]], labels: [1])
    #expect(try design(1, 1, 1, .given(good)).draw(seed: 0) == good)
    let foreign = Dataset(embeddings: embeddings, sequences: [[0, 2]], labels: [0])
    #expect(throws: DatasetError.givenSequence(index: 0)) { try foreign.validate() }
    let absent = Dataset(embeddings: embeddings, sequences: [[0, 0]], labels: [1])
    #expect(throws: DatasetError.givenLabel(index: 0)) { try absent.validate() }
  }
}
