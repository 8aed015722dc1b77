private import CKernels

/// `K_w` and `Q_w`, both of which descend: `∂L/∂K_w = Q_w gᵀ`, `∂L/∂Q_w = K_w g` with `g = ∂L/∂W`.
///
/// `S = (E_Q Q_wᵀ)(K_w Eᵀ)`. With momentum each factor has its own velocity.
final class FactorSpace: DescentSpace {
  let stride: Int
  var scores: UnsafeMutablePointer<Double> { scoreBlock.pointer }
  var coefficients: UnsafeMutablePointer<Double> { coefficientBlock.pointer }

  private let rows: Int
  private let vocabulary: Int
  private let dimension: Int
  private let inner: Int
  private let momentum: Double
  /// E (K × d), Eᵀ (d × stride), E_Q (q × d) and E_Qᵀ (d × q).
  private let embeddings: Block
  private let transposedEmbeddings: Block
  private let lastEmbeddings: Block
  private let transposedLast: Block
  private let scoreBlock: Block
  private let coefficientBlock: Block
  /// `K_w`, `Q_w`, their gradients and η times their velocities: m × d.
  private let keys: Block
  private let queries: Block
  private let keyGradient: Block
  private let queryGradient: Block
  private let keyVelocity: Block
  private let queryVelocity: Block
  /// `Q_w E_Qᵀ` (m × q), `K_w Eᵀ` (m × stride), `G̃ E` (q × d) and `K_w Eᵀ G̃ᵀ` (m × q).
  private let lastQueries: Block
  private let tokenKeys: Block
  private let half: Block
  private let mixed: Block

  init(_ contexts: Contexts, from initial: Factors, momentum: Double) {
    precondition(initial.keys.columns == contexts.dimension, "factors of \(contexts.dimension)")
    precondition(0 <= momentum && momentum < 1, "a momentum of \(momentum)")
    stride = SpaceChoice.stride(contexts.vocabulary)
    rows = contexts.lastTokens.count
    (vocabulary, dimension) = (contexts.vocabulary, contexts.dimension)
    (inner, self.momentum) = (initial.inner, momentum)
    embeddings = Block(contexts.embeddings.elements)
    transposedEmbeddings = Block(contexts.embeddings.transposed, stride: stride)
    lastEmbeddings = Block(contexts.lastEmbeddings.elements)
    transposedLast = Block(contexts.lastEmbeddings.transposed.elements)
    scoreBlock = Block(count: rows * stride)
    coefficientBlock = Block(count: rows * stride)
    keys = Block(initial.keys.elements)
    queries = Block(initial.queries.elements)
    (keyGradient, queryGradient) = (Block(count: keys.count), Block(count: keys.count))
    (keyVelocity, queryVelocity) = (Block(count: keys.count), Block(count: keys.count))
    lastQueries = Block(count: inner * rows)
    tokenKeys = Block(count: inner * stride)
    half = Block(count: rows * dimension)
    mixed = Block(count: inner * rows)
    updateScores()
  }

  private func updateScores() {
    lastQueries.clear()
    mk_gemm(
      inner, rows, dimension, queries.pointer, dimension, transposedLast.pointer, rows,
      lastQueries.pointer, rows)
    tokenKeys.clear()
    mk_gemm(
      inner, stride, dimension, keys.pointer, dimension, transposedEmbeddings.pointer, stride,
      tokenKeys.pointer, stride)
    scoreBlock.clear()
    mk_gemm_tn(
      rows, stride, inner, lastQueries.pointer, rows, tokenKeys.pointer, stride, scores, stride)
  }

  func gradientNorm() -> Double {
    half.clear()
    mk_gemm(
      rows, dimension, vocabulary, coefficients, stride, embeddings.pointer, dimension,
      half.pointer, dimension)
    keyGradient.clear()
    mk_gemm(
      inner, dimension, rows, lastQueries.pointer, rows, half.pointer, dimension,
      keyGradient.pointer, dimension)
    for row in 0..<inner {
      for last in 0..<rows {
        mixed.pointer[row * rows + last] = mk_dot(
          tokenKeys.pointer + row * stride, coefficients + last * stride, stride)
      }
    }
    queryGradient.clear()
    mk_gemm(
      inner, dimension, rows, mixed.pointer, rows, lastEmbeddings.pointer, dimension,
      queryGradient.pointer, dimension)
    return (square(keyGradient) + square(queryGradient)).squareRoot()
  }

  private func square(_ block: Block) -> Double {
    mk_dot(block.pointer, block.pointer, block.count)
  }

  /// `‖Q_w gᵀ‖² + ‖K_w g‖² ≤ (‖K_w‖² + ‖Q_w‖²) ‖g‖²`.
  var gain: Double { (square(keys) + square(queries)).squareRoot() }

  func step(_ size: Double) {
    move(keys, keyVelocity, keyGradient, size)
    move(queries, queryVelocity, queryGradient, size)
    updateScores()
  }

  private func move(_ factor: Block, _ velocity: Block, _ gradient: Block, _ size: Double) {
    for index in 0..<factor.count {
      let v = momentum * velocity.pointer[index] + size * gradient.pointer[index]
      velocity.pointer[index] = v
      factor.pointer[index] -= v
    }
  }

  func write(to weights: UnsafeMutablePointer<Double>) {
    weights.update(repeating: 0, count: dimension * dimension)
    mk_gemm_tn(
      dimension, dimension, inner, keys.pointer, dimension, queries.pointer, dimension, weights,
      dimension)
  }
}
