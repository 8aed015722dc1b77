/// Gradient descent on the weights of the attention layer:
/// `W(τ+1) = W(τ) − η g` with `g = ∇L(W(τ))` or `∇L/‖∇L‖_F`
/// (arXiv 2403.08081, Algorithm-GD of section 3 and the normalised one of its experiments).
///
/// With momentum μ the step is `−η v`, `v ← μ v + g`; with mini-batches the gradient is that of the
/// mean over a few sequences, drawn anew for each step.
package struct Descent: Hashable, Sendable {
  /// The step size, η.
  package var stepSize: Double
  /// Whether the gradient is divided by its norm, so that (without momentum) each step has length η.
  package var isNormalised: Bool
  /// The number of steps.
  package var iterations: Int
  package var schedule: RecordSchedule
  package var loss: Loss
  package var head: Head
  /// The momentum, 0 ≤ μ < 1.
  package var momentum = 0.0
  /// The sequences of a mini-batch, b; nil: all of them at each step.
  package var batch: Int?
  /// Whether records hold the weights; if not, `Trajectory.weights` is empty.
  package var keepsWeights = true

  package init(
    stepSize: Double, isNormalised: Bool, iterations: Int, schedule: RecordSchedule,
    loss: Loss = .log, head: Head = .tied
  ) {
    (self.stepSize, self.isNormalised) = (stepSize, isNormalised)
    (self.iterations, self.schedule) = (iterations, schedule)
    (self.loss, self.head) = (loss, head)
  }

  /// Descends from `initial` (d × d).
  ///
  /// The path does not depend on the schedule, only what is recorded of it does.
  /// - Parameters:
  ///   - batches: where mini-batches are drawn from; unused without them.
  ///   - workers: threads to use; they change no bit.
  package func run(
    _ contexts: Contexts, from initial: Matrix, batches: Stream? = nil, workers: Workers = .alone
  ) -> Trajectory {
    precondition(
      initial.rows == contexts.dimension && initial.columns == contexts.dimension,
      "initial weights of \(initial.rows) × \(initial.columns)")
    return switch SpaceChoice(contexts) {
    case .gram:
      runLinear(contexts, in: GramSpace(contexts, from: initial, workers: workers), batches)
    case .weights:
      runLinear(contexts, in: WeightSpace(contexts, from: initial, workers: workers), batches)
    }
  }

  /// Descends on both factors of `W = K_wᵀ Q_w`; the recorded gradient norm is theirs together.
  package func run(
    _ contexts: Contexts, from initial: Factors, batches: Stream? = nil, workers: Workers = .alone
  ) -> Trajectory {
    let space = FactorSpace(contexts, from: initial, momentum: momentum, workers: workers)
    return run(contexts, in: space, batches)
  }

  private func runLinear(
    _ contexts: Contexts, in space: some DescentSpace, _ batches: Stream?
  ) -> Trajectory {
    if momentum == 0 { return run(contexts, in: space, batches) }
    return run(contexts, in: MomentumSpace(space, momentum: momentum), batches)
  }

  func run(
    _ contexts: Contexts, in space: some DescentSpace, _ batches: Stream? = nil
  ) -> Trajectory {
    precondition(loss.accepts(head), "the log-loss requires the tied head")
    return switch loss {
    case .log:
      run(
        contexts, in: space, LogLoss(contexts, stride: space.stride, workers: space.workers),
        batches)
    case .squared:
      run(contexts, in: space, massLoss(SquaredLoss(), contexts, space), batches)
    case .crossEntropy(let temperature):
      run(contexts, in: space, massLoss(CrossEntropyLoss(temperature), contexts, space), batches)
    case .correlation:
      run(contexts, in: space, massLoss(CorrelationLoss(), contexts, space), batches)
    }
  }

  private func massLoss<Value: LogitLoss>(
    _ loss: Value, _ contexts: Contexts, _ space: some DescentSpace
  ) -> MassLoss<Value> {
    MassLoss(loss, contexts, head: head, stride: space.stride, workers: space.workers)
  }

  private func run(
    _ contexts: Contexts, in space: some DescentSpace, _ loss: some ScoreLoss, _ batches: Stream?
  ) -> Trajectory {
    guard let batch else { return descend(contexts, in: space, loss) }
    precondition(batches != nil, "mini-batches are drawn from a stream")
    return descend(contexts, in: space, loss, MiniBatches(of: batch, contexts, from: batches!))
  }

  /// The whole gradient at each step.
  private func descend(
    _ contexts: Contexts, in space: some DescentSpace, _ loss: some ScoreLoss
  ) -> Trajectory {
    let zero = ZeroGradient(contexts)
    var recorder = recorder(contexts)
    for iteration in 0...iterations {
      let slope = loss.differentiate(scores: space.scores, into: space.coefficients)
      let norm = space.gradientNorm()
      let isZero = zero.includes(norm, slope, at: space, of: loss)
      if isZero, momentum == 0 {
        recorder.stop(
          space, at: iteration, loss: loss.value(), exponent: slope.exponent, norm: norm)
        break
      }
      if recorder.wants(iteration) {
        recorder.record(space, loss: loss.value(), exponent: slope.exponent, norm: norm)
      }
      if iteration == iterations { break }
      space.step(isZero ? 0 : step(norm, slope))
    }
    return recorder.trajectory
  }

  /// A mini-batch's gradient at each step; the records have the whole risk and its gradient.
  private func descend(
    _ contexts: Contexts, in space: some DescentSpace, _ loss: some ScoreLoss,
    _ batches: MiniBatches
  ) -> Trajectory {
    let zero = ZeroGradient(contexts)
    var batches = batches
    var recorder = recorder(contexts)
    for iteration in 0...iterations {
      if recorder.wants(iteration) {
        loss.shares.restore()
        let slope = loss.differentiate(scores: space.scores, into: space.coefficients)
        let norm = space.gradientNorm()
        recorder.record(space, loss: loss.value(), exponent: slope.exponent, norm: norm)
      }
      if iteration == iterations { break }
      batches.draw(into: loss.shares)
      let slope = loss.differentiate(scores: space.scores, into: space.coefficients)
      let norm = space.gradientNorm()
      let isZero = zero.includes(norm, slope, at: space, of: loss)
      space.step(isZero ? 0 : step(norm, slope))
    }
    return recorder.trajectory
  }

  private func recorder(_ contexts: Contexts) -> Recorder {
    Recorder(
      schedule.iterations(through: iterations), dimension: contexts.dimension,
      keepsWeights: keepsWeights)
  }

  /// What to multiply `g̃` by.
  private func step(_ norm: Double, _ slope: Slope) -> Double {
    if isNormalised { return stepSize / norm }
    return slope.exponent == 0 ? stepSize : stepSize * Kernels.exp(slope.exponent)
  }
}
