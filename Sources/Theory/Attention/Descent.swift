/// Gradient descent on the weights of the attention layer:
/// `W(τ+1) = W(τ) − η g` with `g = ∇L(W(τ))` or `∇L/‖∇L‖_F`
/// (arXiv 2403.08081, Algorithm-GD of section 3 and the normalised one of its experiments).
package struct Descent: Hashable, Sendable {
  /// The step size, η.
  package var stepSize: Double
  /// Whether each step has length η whatever the gradient's.
  package var isNormalised: Bool
  /// The number of steps.
  package var iterations: Int
  package var schedule: RecordSchedule
  package var loss: Loss

  package init(
    stepSize: Double, isNormalised: Bool, iterations: Int, schedule: RecordSchedule,
    loss: Loss = .log
  ) {
    (self.stepSize, self.isNormalised) = (stepSize, isNormalised)
    (self.iterations, self.schedule, self.loss) = (iterations, schedule, loss)
  }

  /// Descends from `initial` (d × d).
  ///
  /// The path does not depend on the schedule, only what is recorded of it does.
  package func run(_ contexts: Contexts, from initial: Matrix) -> Trajectory {
    precondition(
      initial.rows == contexts.dimension && initial.columns == contexts.dimension,
      "initial weights of \(initial.rows) × \(initial.columns)")
    return switch SpaceChoice(contexts) {
    case .gram: run(contexts, in: GramSpace(contexts, from: initial))
    case .weights: run(contexts, in: WeightSpace(contexts, from: initial))
    }
  }

  func run(_ contexts: Contexts, in space: some DescentSpace) -> Trajectory {
    switch loss {
    case .log: descend(contexts, in: space, LogLoss(contexts, stride: space.stride))
    }
  }

  private func descend(
    _ contexts: Contexts, in space: some DescentSpace, _ loss: some ScoreLoss
  ) -> Trajectory {
    let zero = ZeroGradient(contexts)
    var recorder = Recorder(
      schedule.iterations(through: iterations), dimension: contexts.dimension)
    for iteration in 0...iterations {
      let slope = loss.differentiate(scores: space.scores, into: space.coefficients)
      let norm = space.gradientNorm()
      if norm <= zero.suspicion * slope.mass,
        zero.includes(norm, slope: slope, scores: space.scores, stride: space.stride, of: loss)
      {
        recorder.stop(
          space, at: iteration, loss: loss.value(), exponent: slope.exponent, norm: norm)
        break
      }
      if recorder.wants(iteration) {
        recorder.record(space, loss: loss.value(), exponent: slope.exponent, norm: norm)
      }
      if iteration == iterations { break }
      if isNormalised {
        space.step(stepSize / norm)
      } else {
        space.step(slope.exponent == 0 ? stepSize : stepSize * Kernels.exp(slope.exponent))
      }
    }
    return recorder.trajectory
  }
}
