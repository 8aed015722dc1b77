private import CKernels

/// `W` itself, kept transposed, for vocabularies larger than the dimension.
///
/// `S = E_Q Wᵀ Eᵀ` and `g̃ᵀ = E_Qᵀ (G̃ E)`; the scores are computed from `W` at every step, so that
/// nothing drifts, also where embeddings are dependent and the coefficients of `W` not unique.
final class WeightSpace: DescentSpace {
  let frame: SpaceFrame

  /// Eᵀ, d × columns.
  private let transposedEmbeddings: Block
  /// `Wᵀ` and `g̃ᵀ`, d × d.
  private let weights: Block
  private let gradient: Block
  /// `E_Q Wᵀ` or `G̃ E`, q × d.
  private let half: Block
  /// From one row of a matrix of d columns to the next.
  private let narrow: Int

  init(_ contexts: Contexts, from initial: Matrix, workers: Workers = .alone) {
    frame = SpaceFrame(contexts, workers)
    narrow = frame.embeddings.stride
    transposedEmbeddings = Block(contexts.transposedEmbeddings, stride: frame.scores.stride)
    weights = Block(initial.transposed, stride: narrow)
    gradient = Block(count: weights.count)
    half = Block(count: frame.rows * narrow)
    updateScores()
  }

  private func updateScores() {
    let (rows, d) = (frame.rows, frame.dimension)
    let half = half.rows(narrow)
    frame.workers.multiply(rows, d, d, frame.lastEmbeddings, weights.rows(narrow), into: half)
    frame.workers.multiply(
      rows, frame.columns, d, half, transposedEmbeddings.rows(frame.scores.stride),
      into: frame.scores)
  }

  func gradientNorm() -> Double {
    let (rows, d) = (frame.rows, frame.dimension)
    let half = half.rows(narrow)
    frame.workers.multiply(
      rows, d, frame.vocabulary, frame.coefficients, frame.embeddings, into: half)
    frame.workers.multiply(
      d, d, rows, transposed: frame.lastEmbeddings, half, into: gradient.rows(narrow))
    return gradient.norm
  }

  func step(_ size: Double) {
    frame.workers(over: weights.count, grain: Self.grain) {
      mk_axpy(
        weights.pointer + $0.lowerBound, -size, gradient.pointer + $0.lowerBound, $0.count)
    }
    updateScores()
  }

  /// Numbers of a chunk of a step: some 10 µs, in whole vectors.
  private static let grain = 1 << 15

  func write(to result: UnsafeMutablePointer<Double>) {
    let d = frame.dimension
    for row in 0..<d {
      for column in 0..<d { result[row * d + column] = weights.pointer[column * narrow + row] }
    }
  }
}
