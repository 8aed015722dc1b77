import Testing

@testable import Theory

@Suite struct CyclicSubspaceTests {
  static func subspace(_ dataset: Dataset) -> CyclicSubspace {
    CyclicSubspace(embeddings: dataset.embeddings, components: dataset.closureComponents)
  }

  @Test(arguments: 0..<20) func projectionIsIdempotentAndSelfAdjoint(seed: Int) {
    var random = TestRandom(seed)
    let subspace = Self.subspace(random.dataset(n: 9, t: 4, k: 5, d: 4 + seed % 3 - 1))
    let d = subspace.dimension
    let (first, second) = (random.matrix(d, d), random.matrix(d, d))
    let projection = subspace.projection(of: first)
    #expect((subspace.projection(of: projection) - projection).norm <= 1e-14)
    let left = Kernels.dot(projection.elements, second.elements)
    let right = Kernels.dot(first.elements, subspace.projection(of: second).elements)
    #expect(abs(left - right) <= 1e-14)
    #expect(abs(Kernels.dot(subspace.complement(of: first).elements, projection.elements)) <= 1e-14)
  }

  @Test(arguments: 0..<20) func holdsEveryDifferenceAndNothingElse(seed: Int) {
    var random = TestRandom(seed)
    let dataset = random.dataset(n: 9, t: 4, k: 5, d: 6)
    let subspace = Self.subspace(dataset)
    var rank = 0
    for (last, components) in dataset.closureComponents.enumerated() {
      for (i, first) in components.enumerated() where first >= 0 && first != i {
        rank += 1
        let difference = zip(dataset.embeddings[row: i], dataset.embeddings[row: first])
        let edge = Matrix(
          rows: 6, columns: 6,
          elements: difference.flatMap { a, b in dataset.embeddings[row: last].map { (a - b) * $0 }
          })
        #expect((subspace.projection(of: edge) - edge).norm <= 1e-13)
      }
    }
    // Independent embeddings: every difference counts.
    #expect(subspace.rank == rank)
  }

  /// Five tokens of one component in the plane differ in two directions, not four.
  @Test func dependentDirectionsAddNothing() {
    var random = TestRandom(1)
    let embeddings = random.dataset(n: 1, t: 1, k: 5, d: 2).embeddings
    let one = CyclicSubspace(
      embeddings: embeddings, components: [[0, 0, 0, 0, 0]] + .init(repeating: [], count: 4))
    #expect(one.rank == 2)
    let all = CyclicSubspace(
      embeddings: embeddings, components: .init(repeating: [0, 0, 0, 0, 0], count: 5))
    #expect(all.rank == 4)
  }

  @Test func acyclicDataHaveNone() {
    let subspace = Self.subspace(.unit(3, [[1, 2, 0]], [1]))
    #expect(subspace.rank == 0)
    let ones = Matrix(rows: 3, columns: 3, elements: .init(repeating: 1, count: 9))
    #expect(subspace.projection(of: ones) == Matrix(zeros: 3, 3))
    #expect(subspace.complement(of: ones) == ones)
  }

  @Test func orthonormalEmbeddingsDecouple() {
    let subspace = Self.subspace(
      .unit(3, [[1, 2, 0], [2, 1, 0], [1, 2], [1, 2]], [1, 2, 1, 2]))
    #expect(subspace.rank == 2)
    let gram = subspace.basis.vectors * subspace.basis.vectors.transposed
    #expect((gram - Matrix(rows: 2, columns: 2, elements: [1, 0, 0, 1])).norm <= 1e-15)
  }
}
