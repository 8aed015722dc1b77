/// Stochastic gradient descent with momentum on `Y` and `Z`, with a rate for each:
/// `v ← μ v + g`, `θ ← θ − η v`, g the mean gradient of a fresh batch (arXiv 2305.16380, section 6).
package struct ScanSnapDescent: Hashable, Sendable {
  package let classes: SequenceClasses
  package var layer: ScanSnapLayer
  /// The tokens of a sequence with its last one, L.
  package var length: Int
  /// The sequences of a batch, B.
  package var batch: Int
  /// The rates η_Y and η_Z.
  package var decoderRate: Double
  package var attentionRate: Double
  /// The momentum, 0 ≤ μ < 1.
  package var momentum: Double
  /// Whether `Y` and `Z` start at 0; else uniform on ±1/√M.
  package var startsAtZero: Bool
  package var iterations: Int
  package var schedule: RecordSchedule

  package init(
    _ classes: SequenceClasses, layer: ScanSnapLayer = ScanSnapLayer(), length: Int = 128,
    batch: Int = 128, decoderRate: Double, attentionRate: Double, momentum: Double = 0.9,
    startsAtZero: Bool = false, iterations: Int = 100, schedule: RecordSchedule
  ) {
    precondition(length >= 2 && batch >= 1, "sequences with a context, and at least one of them")
    (self.classes, self.layer, self.length, self.batch) = (classes, layer, length, batch)
    (self.decoderRate, self.attentionRate) = (decoderRate, attentionRate)
    (self.momentum, self.startsAtZero) = (momentum, startsAtZero)
    (self.iterations, self.schedule) = (iterations, schedule)
  }

  /// Descends from the start of this seed on its sequence of batches.
  ///
  /// The path does not depend on the schedule, only what is recorded of it does.
  package func run(seed: Int) -> ScanSnapTrajectory {
    let weights = ScanSnapWeights(classes)
    if !startsAtZero { weights.draw(seed: seed) }
    let velocity = ScanSnapWeights(classes)
    let sequences = SequenceBatch(classes, size: batch)
    let pass = ScanSnapPass(layer, sequences, stride: weights.stride)
    let sampler = BatchSampler(classes, length: length - 1, batch: batch, seed: seed)
    var trajectory = ScanSnapTrajectory(
      lastTokens: classes.lastTokens, vocabulary: classes.vocabulary)
    var records = schedule.iterations(through: iterations)[...]
    var largest = 0.0
    for iteration in 0...iterations {
      sampler.draw(iteration, into: sequences)
      let outcome =
        iteration == iterations
        ? pass.evaluate(weights) : pass.differentiate(weights, into: velocity)
      if trajectory.likelyAt == nil, outcome.likelihood > 0.5 { trajectory.likelyAt = iteration }
      if records.first == iteration {
        records.removeFirst()
        trajectory.append(iteration, outcome, weights.attention, largestStep: largest)
        largest = 0
      }
      if iteration == iterations { break }
      largest = Kernels.maximum(largest, step(weights, velocity))
    }
    return trajectory
  }

  /// `θ ← θ − η v` for both matrices, then `v ← μ v`, to which the next gradient is added.
  /// - Returns: the largest change of an entry of `Z`.
  func step(_ weights: ScanSnapWeights, _ velocity: ScanSnapWeights) -> Double {
    _ = step(weights.decoder, velocity.decoder, decoderRate)
    return attentionRate * step(weights.attention, velocity.attention, attentionRate)
  }

  /// - Returns: max |v|.
  private func step(_ weights: Block, _ velocity: Block, _ rate: Double) -> Double {
    let (theta, v) = (weights.pointer, velocity.pointer)
    var steepest = 0.0
    for i in 0..<weights.count {
      theta[i] -= rate * v[i]
      steepest = Kernels.maximum(steepest, v[i].magnitude)
      v[i] *= momentum
    }
    return steepest
  }
}

extension ScanSnapTrajectory {
  fileprivate mutating func append(
    _ iteration: Int, _ outcome: ScanSnapPass.Outcome, _ scores: Block, largestStep: Double
  ) {
    iterations.append(iteration)
    attention += UnsafeBufferPointer(start: scores.pointer, count: scores.count)
    losses.append(outcome.loss)
    likelihoods.append(outcome.likelihood)
    largestSteps.append(largestStep)
  }
}
