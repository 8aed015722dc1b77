/// The matrices `Σ_k v_k e_kᵀ` with `v_k` in a space `V_k` for each last token k: the cyclic subspace
/// without a basis of d × d matrices.
///
/// With `B` the Gram matrix of the last tokens' embeddings and `P_k` the projection on `V_k`,
/// `⟨Σ v_k e_kᵀ, u e_lᵀ⟩ = ⟨Σ_k B_kl v_k, u⟩`, so the matrix of the subspace whose columns
/// `P_k W e_k` are given solves `P_l Σ_k B_kl v_k = y_l`. That system is positive definite where the
/// embeddings of the last tokens are independent, and as well conditioned as B. Conjugate gradients
/// (M. R. Hestenes and E. Stiefel, DOI 10.6028/jres.049.044), preconditioned by `P B⁻¹ P`, which is
/// the inverse where all `V_k` are one space, solve it.
struct ColumnSpaces: Hashable, Sendable {
  /// The last tokens with a space, ascending; q of them.
  let lastTokens: [Int]
  /// An orthonormal basis of each `V_k`, r_k × d, and its transpose.
  let bases: [Matrix]
  private let transposedBases: [Matrix]
  /// The embeddings of the last tokens, q × d; B and B⁻¹, q × q.
  private let embeddings: Matrix
  private let gram: Matrix
  private let inverse: Matrix

  /// Returns nil where the embeddings of the last tokens are dependent to rounding.
  /// - Parameter directions: the basis of `V_k` at [k]; of rank 0 where there is no space.
  init?(_ directions: [OrthonormalBasis], embeddings all: Matrix) {
    lastTokens = directions.indices.filter { directions[$0].rank > 0 }
    bases = lastTokens.map { directions[$0].vectors }
    transposedBases = bases.map(\.transposed)
    embeddings = Matrix(
      rows: lastTokens.count, columns: all.columns, elements: lastTokens.flatMap { all[row: $0] })
    gram = embeddings * embeddings.transposed
    guard let factor = Cholesky(gram), factor.smallestPivot > Self.leastPivot else { return nil }
    let count = lastTokens.count
    inverse = Matrix(
      rows: count, columns: count,
      elements: (0..<count).flatMap { index in
        factor.solve((0..<count).map { $0 == index ? 1 : 0 })
      })
  }

  /// Independent by so much that a residual near rounding is reached.
  private static let leastPivot = 1e-9

  /// Σ r_k.
  var rank: Int { bases.reduce(0) { $0 + $1.rows } }

  /// The columns `P_k W e_k` of weights: q × d.
  func columns(of weights: Matrix) -> Matrix { projected(embeddings * weights.transposed) }

  /// `Σ_k v_k e_kᵀ`, d × d, from its vectors, q × d.
  func weights(of vectors: Matrix) -> Matrix { vectors.transposed * embeddings }

  /// The matrix of the subspace with given columns `P_k W e_k`, q × d.
  func weights(withColumns columns: Matrix) -> Matrix {
    var vectors = conjugateGradients(columns)
    // What conjugate gradients lose to rounding, a second time.
    vectors = vectors + conjugateGradients(columns - gramProduct(vectors))
    return weights(of: vectors)
  }

  /// Π(weights), d × d.
  func projection(of weights: Matrix) -> Matrix {
    self.weights(withColumns: columns(of: weights))
  }

  /// Each row's projection on its space.
  private func projected(_ rows: Matrix) -> Matrix {
    Matrix(
      rows: rows.rows, columns: rows.columns,
      elements: bases.indices.flatMap { index in
        let row = Matrix(rows: 1, columns: rows.columns, elements: Array(rows[row: index]))
        return (row * transposedBases[index] * bases[index]).elements
      })
  }

  /// `P B v`.
  private func gramProduct(_ vectors: Matrix) -> Matrix { projected(gram * vectors) }

  private func conjugateGradients(_ right: Matrix) -> Matrix {
    var vectors = Matrix(zeros: right.rows, right.columns)
    var residual = right
    var direction = projected(inverse * residual)
    var product = Kernels.dot(residual.elements, direction.elements)
    let goal = Self.accuracy * Self.accuracy * product
    for _ in 0..<Self.limit where product > goal {
      let image = gramProduct(direction)
      let step = product / Kernels.dot(direction.elements, image.elements)
      vectors = vectors.adding(direction, times: step)
      residual = residual.adding(image, times: -step)
      let next = projected(inverse * residual)
      let new = Kernels.dot(residual.elements, next.elements)
      direction = next.adding(direction, times: new / product)
      product = new
    }
    return vectors
  }

  /// Relative, in the preconditioner's norm.
  private static let accuracy = 1e-13
  private static let limit = 2000
}

extension Matrix {
  static func + (left: Matrix, right: Matrix) -> Matrix { left.adding(right, times: 1) }

  func adding(_ other: Matrix, times factor: Double) -> Matrix {
    precondition(rows == other.rows && columns == other.columns)
    var result = self
    for index in result.elements.indices {
      result.elements[index] += factor * other.elements[index]
    }
    return result
  }
}
