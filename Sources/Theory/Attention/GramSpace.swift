private import CKernels

/// `W = W(0) + Σ_{kj} c_{kj} e_j e_kᵀ`, kept as the coefficients c and the scores.
///
/// With `A = E Eᵀ` and `B = E_Q E_Qᵀ` (E_Q: the embeddings of the last tokens) the step
/// `W ← W − η g̃` is `c ← c − η G̃` and `S ← S − η B G̃ A`, and `‖g̃‖_F² = ⟨G̃, B G̃ A⟩`: K²q + Kq²
/// multiplications in place of 2dKq + 2d²q. Every 128 steps the scores are computed afresh from
/// `W(0)` and c, so that their rounding errors do not add up.
final class GramSpace: DescentSpace {
  let stride: Int
  var scores: UnsafeMutablePointer<Double> { scoreBlock.pointer }
  var coefficients: UnsafeMutablePointer<Double> { coefficientBlock.pointer }

  private let vocabulary: Int
  private let dimension: Int
  private let rows: Int
  private let cells: Int
  /// A (stride × stride) and B (q × q).
  private let tokenGram: Block
  private let lastGram: Block
  /// E (K × d) and E_Q (q × d).
  private let embeddings: Block
  private let lastEmbeddings: Block
  /// `W(0)` and its scores.
  private let initial: Block
  private let initialScores: Block
  private let scoreBlock: Block
  private let coefficientBlock: Block
  /// The sum c of all steps.
  private let total: Block
  /// `G̃ A`, and the scores of `g̃`: `B G̃ A`.
  private let half: Block
  private let change: Block
  /// `c E` or `G̃ E`, q × d, and `g̃`, d × d, where it is needed itself.
  private let embedded: Block
  private let gradient: Block
  /// The square of the largest ‖e_j‖ ‖e_k‖.
  private let largest: Double
  private var age = 0

  init(_ contexts: Contexts, from initial: Matrix) {
    (vocabulary, dimension) = (contexts.vocabulary, contexts.dimension)
    stride = SpaceChoice.stride(contexts.vocabulary)
    rows = contexts.lastTokens.count
    cells = rows * stride
    let (embeddings, last) = (contexts.embeddings, contexts.lastEmbeddings)
    let tokenGram = embeddings * embeddings.transposed
    let lastGram = last * last.transposed
    largest = tokenGram.largestDiagonal * lastGram.largestDiagonal
    // The padding columns are zero, so they stay zero in every product.
    let padding = [Double](repeating: 0, count: (stride - contexts.vocabulary) * stride)
    self.embeddings = Block(embeddings.elements)
    lastEmbeddings = Block(last.elements)
    self.initial = Block(initial.elements)
    self.tokenGram = Block(Block(tokenGram, stride: stride).values + padding)
    self.lastGram = Block(lastGram.elements)
    initialScores = Block(contexts.scores(of: initial), stride: stride)
    scoreBlock = Block(initialScores.values)
    coefficientBlock = Block(count: cells)
    total = Block(count: cells)
    half = Block(count: cells)
    change = Block(count: cells)
    embedded = Block(count: rows * dimension)
    gradient = Block(count: dimension * dimension)
  }

  func gradientNorm() -> Double {
    apply(coefficients, to: change)
    let squared = mk_dot(coefficients, change.pointer, cells)
    let size = mk_dot(coefficients, coefficients, cells)
    // Where embeddings are nearly dependent the inner product cancels: then take the norm of g̃.
    if squared > Self.cancelled * (size * largest) { return squared.squareRoot() }
    gradient.clear()
    addOuter(coefficientBlock, to: gradient.pointer)
    return mk_dot(gradient.pointer, gradient.pointer, gradient.count).squareRoot()
  }

  private static let cancelled = 1e-7

  func step(_ size: Double) {
    mk_axpy(total.pointer, -size, coefficients, cells)
    age += 1
    if age % 128 != 0 {
      mk_axpy(scores, -size, change.pointer, cells)
    } else {
      apply(total.pointer, to: scoreBlock)
      mk_axpy(scores, 1, initialScores.pointer, cells)
    }
  }

  /// `result = B · coefficients · A`.
  private func apply(_ coefficients: UnsafeMutablePointer<Double>, to result: Block) {
    half.clear()
    mk_gemm(
      rows, stride, stride, coefficients, stride, tokenGram.pointer, stride, half.pointer, stride)
    result.clear()
    mk_gemm(
      rows, stride, rows, lastGram.pointer, rows, half.pointer, stride, result.pointer, stride)
  }

  func write(to weights: UnsafeMutablePointer<Double>) {
    weights.update(from: initial.pointer, count: initial.count)
    addOuter(total, to: weights)
  }

  /// `weights += Σ coefficients_{kj} e_j e_kᵀ`, d × d.
  private func addOuter(_ coefficients: Block, to weights: UnsafeMutablePointer<Double>) {
    embedded.clear()
    mk_gemm(
      rows, dimension, vocabulary, coefficients.pointer, stride, embeddings.pointer, dimension,
      embedded.pointer, dimension)
    mk_gemm_tn(
      dimension, dimension, rows, embedded.pointer, dimension, lastEmbeddings.pointer, dimension,
      weights, dimension)
  }
}

extension Matrix {
  /// The largest value on the diagonal, 0 where there is none.
  var largestDiagonal: Double { (0..<rows).reduce(0) { max($0, self[$1, $1]) } }
}
