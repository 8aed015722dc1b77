import Testing

@testable import Theory

@Suite struct EmbeddingTests {
  private func draw(
    _ embedding: Embedding, _ vocabulary: Int, _ dimension: Int, seed: Int = 3
  ) throws -> Matrix {
    var stream = Stream(kind: "test", seed: seed, purpose: "embedding")
    return try embedding.draw(vocabulary: vocabulary, dimension: dimension, from: &stream)
  }

  /// The largest distance of the Gram matrix from one with these entries.
  private func gap(_ matrix: Matrix, diagonal: Double, other: Double) -> Double {
    let gram = matrix * matrix.transposed
    var gap = 0.0
    for i in 0..<gram.rows {
      for j in 0..<gram.rows { gap = max(gap, abs(gram[i, j] - (i == j ? diagonal : other))) }
    }
    return gap
  }

  @Test(arguments: [[1, 1], [6, 8], [8, 8], [64, 64], [5, 100]])
  func orthonormalRowsAreOrthonormal(size: [Int]) throws {
    let matrix = try draw(.orthonormal, size[0], size[1])
    #expect((matrix.rows, matrix.columns) == (size[0], size[1]))
    #expect(gap(matrix, diagonal: 1, other: 0) < 1e-14)
  }

  /// In the Haar measure each entry has mean 0 and variance 1/d.
  @Test func orthonormalRowsHaveNoPreferredDirection() throws {
    var (sum, squares) = ([Double](repeating: 0, count: 9), [Double](repeating: 0, count: 9))
    for seed in 0..<2000 {
      for (index, entry) in try draw(.orthonormal, 3, 3, seed: seed).elements.enumerated() {
        sum[index] += entry
        squares[index] += entry * entry
      }
    }
    #expect(sum.allSatisfy { abs($0 / 2000) < 5 * (1.0 / 3 / 2000).squareRoot() })
    #expect(squares.allSatisfy { abs($0 / 2000 - 1.0 / 3) < 5 * (4.0 / 45 / 2000).squareRoot() })
  }

  @Test(arguments: [0, 0.3, 0.9])
  func equicorrelatedRowsHaveOneInnerProduct(rho: Double) throws {
    let matrix = try draw(.equicorrelated(rho: rho), 7, 8)
    #expect(gap(matrix, diagonal: 1, other: rho) < 1e-14)
  }

  @Test func randomRowsHaveLengthOne() throws {
    let matrix = try draw(.unitRandom, 20, 4)
    let gram = matrix * matrix.transposed
    #expect((0..<20).allSatisfy { abs(gram[$0, $0] - 1) < 1e-15 })
  }

  @Test func aGivenMatrixIsReturned() throws {
    let matrix = Matrix(rows: 2, columns: 1, elements: [3, 4])
    #expect(try draw(.given(matrix), 2, 1) == matrix)
    #expect(throws: EmbeddingError.shape(rows: 2, columns: 1, vocabulary: 1, dimension: 2)) {
      try draw(.given(matrix), 1, 2)
    }
    #expect(throws: EmbeddingError.notFinite) {
      try draw(.given(Matrix(rows: 1, columns: 1, elements: [.nan])), 1, 1)
    }
    for value in [1e-61, 1e100] {
      #expect(throws: EmbeddingError.size(row: 1, value: value)) {
        try draw(.given(Matrix(rows: 2, columns: 2, elements: [0, 0, value, 0])), 2, 2)
      }
    }
  }

  @Test func tooManyRowsAreRefused() {
    #expect(throws: EmbeddingError.dimension(needed: 9, dimension: 8)) {
      try draw(.orthonormal, 9, 8)
    }
    #expect(throws: EmbeddingError.dimension(needed: 9, dimension: 8)) {
      try draw(.equicorrelated(rho: 0.5), 8, 8)
    }
    #expect(throws: EmbeddingError.rho(1)) { try draw(.equicorrelated(rho: 1), 2, 8) }
    #expect(throws: EmbeddingError.empty(vocabulary: 0, dimension: 8)) {
      try draw(.unitRandom, 0, 8)
    }
  }
}
