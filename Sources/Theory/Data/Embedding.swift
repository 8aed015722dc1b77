private import CKernels

/// How the vocabulary's embeddings `E = [e_1 … e_K]ᵀ` are drawn.
package enum Embedding: Hashable, Sendable {
  /// The first K rows of a random orthogonal matrix (uniform in the Haar measure); K ≤ d.
  case orthonormal
  /// Unit vectors with pairwise inner product ρ, `√ρ q_0 + √(1−ρ) q_i` with orthonormal `q`;
  /// 0 ≤ ρ < 1, K + 1 ≤ d.
  case equicorrelated(rho: Double)
  /// Gaussian rows scaled to length 1; any K and d.
  case unitRandom
  /// This matrix, K × d.
  case given(Matrix)

  /// The embeddings, K × d.
  ///
  /// - Parameters:
  ///   - vocabulary: K ≥ 1.
  ///   - dimension: d ≥ 1.
  ///   - stream: where the randomness comes from; `given` takes none.
  /// - Throws: what makes this kind impossible for K and d.
  package func draw(
    vocabulary: Int, dimension: Int, from stream: inout Stream
  ) throws(EmbeddingError) -> Matrix {
    guard vocabulary >= 1, dimension >= 1 else {
      throw .empty(vocabulary: vocabulary, dimension: dimension)
    }
    switch self {
    case .orthonormal:
      return try orthonormalRows(vocabulary, dimension, from: &stream)
    case .equicorrelated(let rho):
      guard rho >= 0, rho < 1 else { throw .rho(rho) }
      let base = try orthonormalRows(vocabulary + 1, dimension, from: &stream)
      return shareFirst(of: base, rho: rho)
    case .unitRandom:
      return unitRows(vocabulary, dimension, from: &stream)
    case .given(let matrix):
      guard matrix.rows == vocabulary, matrix.columns == dimension else {
        throw .shape(
          rows: matrix.rows, columns: matrix.columns, vocabulary: vocabulary, dimension: dimension)
      }
      try EmbeddingError.check(matrix)
      return matrix
    }
  }
}

/// `rows` orthonormal vectors: Gaussian rows, made orthogonal one after the other.
///
/// Gram–Schmidt with positive diagonal gives the Haar measure; projecting twice makes the result
/// orthogonal to rounding (L. Giraud et al. 2005, doi:10.1007/s00211-005-0615-4).
private func orthonormalRows(
  _ rows: Int, _ dimension: Int, from stream: inout Stream
) throws(EmbeddingError) -> Matrix {
  guard rows <= dimension else { throw .dimension(needed: rows, dimension: dimension) }
  var done: [[Double]] = []
  while done.count < rows {
    var row = gaussian(dimension, from: &stream)
    let length = Kernels.norm(row)
    for _ in 0..<2 {
      for other in done { mk_axpy(&row, -Kernels.dot(other, row), other, dimension) }
    }
    // A row that lies in the span of the others to rounding is drawn again.
    guard Kernels.norm(row) > 1e-8 * length else { continue }
    done.append(normalized(row))
  }
  return Matrix(rows: rows, columns: dimension, elements: Array(done.joined()))
}

/// `√ρ q_0 + √(1−ρ) q_i` for the rows q of a matrix with K + 1 rows.
private func shareFirst(of base: Matrix, rho: Double) -> Matrix {
  var result = Matrix(zeros: base.rows - 1, base.columns)
  let (common, own) = (rho.squareRoot(), (1 - rho).squareRoot())
  for row in 0..<result.rows {
    for column in 0..<result.columns {
      result[row, column] = common * base[0, column] + own * base[row + 1, column]
    }
  }
  return result
}

private func unitRows(_ rows: Int, _ dimension: Int, from stream: inout Stream) -> Matrix {
  var elements: [Double] = []
  elements.reserveCapacity(rows * dimension)
  for _ in 0..<rows { elements += normalized(gaussian(dimension, from: &stream)) }
  return Matrix(rows: rows, columns: dimension, elements: elements)
}

private func gaussian(_ count: Int, from stream: inout Stream) -> [Double] {
  (0..<count).map { _ in stream.normal() }
}

private func normalized(_ row: [Double]) -> [Double] {
  let length = Kernels.norm(row)
  return row.map { $0 / length }
}
