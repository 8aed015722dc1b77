private import CKernels

/// `K_w` and `Q_w`, both of which descend: `∂L/∂K_w = Q_w gᵀ`, `∂L/∂Q_w = K_w g` with `g = ∂L/∂W`.
///
/// `S = (E_Q Q_wᵀ)(K_w Eᵀ)`. With momentum each factor has its own velocity.
final class FactorSpace: DescentSpace {
  let frame: SpaceFrame

  private let inner: Int
  private let momentum: Double
  /// Eᵀ (d × columns) and E_Qᵀ (d × q).
  private let transposedEmbeddings: Block
  private let transposedLast: Block
  /// `K_w`, `Q_w`, their gradients and η times their velocities: m × d.
  private let keys: Block
  private let queries: Block
  private let keyGradient: Block
  private let queryGradient: Block
  private let keyVelocity: Block
  private let queryVelocity: Block
  /// `Q_w E_Qᵀ` (m × q), `K_w Eᵀ` (m × columns), `G̃ E` (q × d) and `K_w Eᵀ G̃ᵀ` (m × q).
  private let lastQueries: Block
  private let tokenKeys: Block
  private let half: Block
  private let mixed: Block

  init(_ contexts: Contexts, from initial: Factors, momentum: Double, workers: Workers = .alone) {
    precondition(initial.keys.columns == contexts.dimension, "factors of \(contexts.dimension)")
    precondition(0 <= momentum && momentum < 1, "a momentum of \(momentum)")
    frame = SpaceFrame(contexts, workers)
    (inner, self.momentum) = (initial.inner, momentum)
    let stride = frame.scores.stride
    transposedEmbeddings = Block(contexts.transposedEmbeddings, stride: stride)
    transposedLast = Block(contexts.lastEmbeddings.transposed.elements)
    keys = Block(initial.keys.elements)
    queries = Block(initial.queries.elements)
    (keyGradient, queryGradient) = (Block(count: keys.count), Block(count: keys.count))
    (keyVelocity, queryVelocity) = (Block(count: keys.count), Block(count: keys.count))
    lastQueries = Block(count: inner * frame.rows)
    tokenKeys = Block(count: inner * stride)
    half = Block(count: frame.rows * contexts.dimension)
    mixed = Block(count: inner * frame.rows)
    updateScores()
  }

  private func updateScores() {
    let (rows, columns, d) = (frame.rows, frame.columns, frame.dimension)
    let (lastQueries, tokenKeys) = (lastQueries.rows(rows), tokenKeys.rows(stride))
    frame.workers.multiply(
      inner, rows, d, queries.rows(d), transposedLast.rows(rows), into: lastQueries)
    frame.workers.multiply(
      inner, columns, d, keys.rows(d), transposedEmbeddings.rows(stride), into: tokenKeys)
    frame.workers.multiply(
      rows, columns, inner, transposed: lastQueries, tokenKeys, into: frame.scores)
  }

  func gradientNorm() -> Double {
    let (rows, d) = (frame.rows, frame.dimension)
    frame.workers.multiply(
      rows, d, frame.vocabulary, frame.coefficients, frame.embeddings, into: half.rows(d))
    frame.workers.multiply(
      inner, d, rows, lastQueries.rows(rows), half.rows(d), into: keyGradient.rows(d))
    for row in 0..<inner {
      for last in 0..<rows {
        mixed.pointer[row * rows + last] = mk_dot(
          tokenKeys.pointer + row * stride, coefficients + last * stride, frame.columns)
      }
    }
    frame.workers.multiply(
      inner, d, rows, mixed.rows(rows), frame.lastEmbeddings, into: queryGradient.rows(d))
    return norm(keyGradient, queryGradient)
  }

  /// The norm of two blocks together.
  private func norm(_ one: Block, _ other: Block) -> Double {
    let square =
      mk_dot(one.pointer, one.pointer, one.count)
      + mk_dot(other.pointer, other.pointer, other.count)
    return Kernels.isSound(square) ? square.squareRoot() : Kernels.norm([one.norm, other.norm])
  }

  /// `‖Q_w gᵀ‖² + ‖K_w g‖² ≤ (‖K_w‖² + ‖Q_w‖²) ‖g‖²`.
  var gain: Double { norm(keys, queries) }

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
    let d = frame.dimension
    frame.workers.multiply(
      d, d, inner, transposed: keys.rows(d), queries.rows(d), into: Rows(weights, stride: d))
  }
}
