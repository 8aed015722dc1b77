private import CKernels

/// `W` itself, kept transposed, for vocabularies larger than the dimension.
///
/// `S = E_Q Wᵀ Eᵀ` and `g̃ᵀ = E_Qᵀ (G̃ E)`; the scores are computed from `W` at every step, so that
/// nothing drifts, also where embeddings are dependent and the coefficients of `W` not unique.
final class WeightSpace: DescentSpace {
  let stride: Int
  var scores: UnsafeMutablePointer<Double> { scoreBlock.pointer }
  var coefficients: UnsafeMutablePointer<Double> { coefficientBlock.pointer }

  private let rows: Int
  private let vocabulary: Int
  private let dimension: Int
  /// E (K × d), Eᵀ (d × stride) and E_Q (q × d).
  private let embeddings: Block
  private let transposedEmbeddings: Block
  private let lastEmbeddings: Block
  private let scoreBlock: Block
  private let coefficientBlock: Block
  /// `Wᵀ` and `g̃ᵀ`, d × d.
  private let weights: Block
  private let gradient: Block
  /// `E_Q Wᵀ` or `G̃ E`, q × d.
  private let half: Block

  init(_ contexts: Contexts, from initial: Matrix) {
    stride = SpaceChoice.stride(contexts.vocabulary)
    rows = contexts.lastTokens.count
    (vocabulary, dimension) = (contexts.vocabulary, contexts.dimension)
    embeddings = Block(contexts.embeddings.elements)
    transposedEmbeddings = Block(contexts.embeddings.transposed, stride: stride)
    lastEmbeddings = Block(contexts.lastEmbeddings.elements)
    scoreBlock = Block(count: rows * stride)
    coefficientBlock = Block(count: rows * stride)
    weights = Block(initial.transposed.elements)
    gradient = Block(count: dimension * dimension)
    half = Block(count: rows * dimension)
    updateScores()
  }

  private func updateScores() {
    half.clear()
    mk_gemm(
      rows, dimension, dimension, lastEmbeddings.pointer, dimension, weights.pointer, dimension,
      half.pointer, dimension)
    scoreBlock.clear()
    mk_gemm(
      rows, stride, dimension, half.pointer, dimension, transposedEmbeddings.pointer, stride,
      scores, stride)
  }

  func gradientNorm() -> Double {
    half.clear()
    mk_gemm(
      rows, dimension, vocabulary, coefficients, stride, embeddings.pointer, dimension,
      half.pointer, dimension)
    gradient.clear()
    mk_gemm_tn(
      dimension, dimension, rows, lastEmbeddings.pointer, dimension, half.pointer, dimension,
      gradient.pointer, dimension)
    return mk_dot(gradient.pointer, gradient.pointer, gradient.count).squareRoot()
  }

  func step(_ size: Double) {
    mk_axpy(weights.pointer, -size, gradient.pointer, weights.count)
    updateScores()
  }

  func write(to result: UnsafeMutablePointer<Double>) {
    for row in 0..<dimension {
      for column in 0..<dimension {
        result[row * dimension + column] = weights.pointer[column * dimension + row]
      }
    }
  }
}
