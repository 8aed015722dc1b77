private import CKernels

/// `W = W(0) + Σ_{kj} c_{kj} e_j e_kᵀ`, kept as the coefficients c and the scores.
///
/// With `A = E Eᵀ` and `B = E_Q E_Qᵀ` (E_Q: the embeddings of the last tokens) the step
/// `W ← W − η g̃` is `c ← c − η G̃` and `S ← S − η B G̃ A`, and `‖g̃‖_F² = ⟨G̃, B G̃ A⟩`: K²q + Kq²
/// multiplications in place of 2dKq + 2d²q. Every 128 steps the scores are computed afresh from
/// `W(0)` and c, so that their rounding errors do not add up.
final class GramSpace: DescentSpace {
  let frame: SpaceFrame

  /// A (columns × columns) and B (q × q).
  private let tokenGram: Block
  private let lastGram: Block
  /// `W(0)` and its scores.
  private let initial: Block
  private let initialScores: Block
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

  init(_ contexts: Contexts, from initial: Matrix, workers: Workers = .alone) {
    frame = SpaceFrame(contexts, workers)
    let stride = frame.scores.stride
    let (embeddings, last) = (contexts.embeddings, contexts.lastEmbeddings)
    let tokenGram = embeddings * embeddings.transposed
    let lastGram = last * last.transposed
    largest = tokenGram.largestDiagonal * lastGram.largestDiagonal
    // The padding columns are zero, so they stay zero in every product.
    let padding = [Double](repeating: 0, count: (frame.columns - contexts.vocabulary) * stride)
    self.initial = Block(initial.elements)
    self.tokenGram = Block(Block(tokenGram, stride: stride).values + padding)
    self.lastGram = Block(lastGram.elements)
    initialScores = Block(contexts.scores(of: initial), stride: stride)
    total = Block(count: initialScores.count)
    half = Block(count: initialScores.count)
    change = Block(count: initialScores.count)
    embedded = Block(count: frame.rows * contexts.dimension)
    gradient = Block(count: initial.elements.count)
    scores.update(from: initialScores.pointer, count: initialScores.count)
  }

  func gradientNorm() -> Double {
    let (squared, size) = transform()
    // Where embeddings are nearly dependent the inner product cancels, and it may leave the range as
    // squares do: then take the norm of g̃.
    if squared > Self.cancelled * (size * largest), Kernels.isSound(squared) {
      return squared.squareRoot()
    }
    gradient.clear()
    addOuter(frame.coefficients, to: gradient.pointer)
    return gradient.norm
  }

  private static let cancelled = 1e-7

  /// `change = B G̃ A`; returns `⟨G̃, change⟩` and `⟨G̃, G̃⟩`.
  private func transform() -> (inner: Double, square: Double) {
    if stride == 8, frame.rows <= 8 {
      var dots = (0.0, 0.0)
      withUnsafeMutableBytes(of: &dots) {
        mk_sandwich(
          frame.rows, frame.vocabulary, lastGram.pointer, coefficients, tokenGram.pointer,
          change.pointer,
          $0.baseAddress!.assumingMemoryBound(to: Double.self))
      }
      return dots
    }
    apply(frame.coefficients, to: change.rows(stride))
    return (
      mk_dot(coefficients, change.pointer, cells), mk_dot(coefficients, coefficients, cells)
    )
  }

  func step(_ size: Double) {
    mk_axpy(total.pointer, -size, coefficients, cells)
    age += 1
    if age % 128 != 0 {
      mk_axpy(scores, -size, change.pointer, cells)
    } else {
      apply(total.rows(stride), to: frame.scores)
      mk_axpy(scores, 1, initialScores.pointer, cells)
    }
  }

  /// `result = B · coefficients · A`.
  private func apply(_ coefficients: Rows, to result: Rows) {
    let (rows, columns) = (frame.rows, frame.columns)
    let half = half.rows(stride)
    frame.workers.multiply(
      rows, columns, columns, coefficients, tokenGram.rows(stride), into: half)
    frame.workers.multiply(rows, columns, rows, lastGram.rows(rows), half, into: result)
  }

  func write(to weights: UnsafeMutablePointer<Double>) {
    weights.update(from: initial.pointer, count: initial.count)
    addOuter(total.rows(stride), to: weights)
  }

  /// `weights += Σ coefficients_{kj} e_j e_kᵀ`, d × d.
  private func addOuter(_ coefficients: Rows, to weights: UnsafeMutablePointer<Double>) {
    let (rows, d) = (frame.rows, frame.dimension)
    frame.workers.multiply(
      rows, d, frame.vocabulary, coefficients, frame.embeddings, into: embedded.rows(d))
    let last = frame.lastEmbeddings
    mk_gemm_tn(d, d, rows, embedded.pointer, d, last.pointer, last.stride, weights, d)
  }
}

extension Matrix {
  /// The largest value on the diagonal, 0 where there is none.
  var largestDiagonal: Double { (0..<rows).reduce(0) { max($0, self[$1, $1]) } }
}
