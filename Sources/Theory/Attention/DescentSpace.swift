/// Where descent keeps its iterate: the cheapest representation of `W` from which scores follow.
///
/// Descent asks for scores, fills in the derivatives by them (`coefficients`), and steps.
protocol DescentSpace: AnyObject {
  /// The tables of scores and of derivatives by them.
  var frame: SpaceFrame { get }
  /// ‖g̃‖_F of `g̃ = Σ G̃_{kj} e_j e_kᵀ`; to be called before each step.
  func gradientNorm() -> Double
  /// A bound of the gradient's norm over that of `g̃`: 1 but for factors of `W`.
  var gain: Double { get }
  /// `W ← W − size · g̃`, and the scores with it.
  func step(_ size: Double)
  /// Writes the present `W`, d × d row-major.
  func write(to weights: UnsafeMutablePointer<Double>)
}

extension DescentSpace {
  var gain: Double { 1 }
  var workers: Workers { frame.workers }
  /// From one row of scores to the next; ≥ K.
  var stride: Int { frame.scores.stride }
  /// `e_jᵀ W e_k` at the present `W`, q × stride.
  var scores: UnsafeMutablePointer<Double> { frame.scores.pointer }
  /// The derivatives `G̃` by the scores, q × stride, to be filled in before the calls above.
  var coefficients: UnsafeMutablePointer<Double> { frame.coefficients.pointer }
  /// The length of the tables, padding included.
  var cells: Int { frame.rows * frame.scores.stride }
}

/// The cheapest of the spaces for given contexts.
enum SpaceChoice {
  /// `W = W(0) + Σ c_{kj} e_j e_kᵀ`: one pass through the Gram matrices.
  case gram
  /// `W` itself: through the embeddings and back.
  case weights

  init(_ contexts: Contexts) {
    self = contexts.vocabulary <= contexts.dimension ? .gram : .weights
  }
}
