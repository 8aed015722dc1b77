/// Fills in a trajectory during a run.
struct Recorder {
  private(set) var trajectory: Trajectory
  private var next = 0

  init(_ iterations: [Int], dimension: Int, keepsWeights: Bool = true) {
    let records = keepsWeights ? iterations.count : 0
    trajectory = Trajectory(
      dimension: dimension, iterations: iterations,
      weights: .init(repeating: 0, count: records * dimension * dimension), losses: [],
      logLosses: [], gradientNorms: [], logGradientNorms: [], stoppedAt: nil)
  }

  /// Whether iteration `iteration`, which comes after all recorded ones, is to be recorded.
  func wants(_ iteration: Int) -> Bool {
    next < trajectory.iterations.count && trajectory.iterations[next] == iteration
  }

  /// Records the present state of `space`.
  /// - Parameters:
  ///   - exponent: L, where `∇L = e^L g̃`.
  ///   - norm: ‖g̃‖_F.
  mutating func record(
    _ space: some DescentSpace, loss: LossValue, exponent: Double, norm: Double
  ) {
    let offset = next * trajectory.dimension * trajectory.dimension
    trajectory.weights.withUnsafeMutableBufferPointer { weights in
      if let base = weights.baseAddress, !weights.isEmpty { space.write(to: base + offset) }
    }
    let logNorm = exponent + Kernels.log(norm)
    trajectory.losses.append(loss.value)
    trajectory.logLosses.append(loss.logarithm)
    trajectory.gradientNorms.append(exponent == 0 ? norm : Kernels.exp(logNorm))
    trajectory.logGradientNorms.append(logNorm)
    next += 1
  }

  /// Fills all remaining records with the present state, which is stationary since `iteration`.
  mutating func stop(
    _ space: some DescentSpace, at iteration: Int, loss: LossValue, exponent: Double, norm: Double
  ) {
    trajectory.stoppedAt = iteration
    while next < trajectory.iterations.count {
      record(space, loss: loss, exponent: exponent, norm: norm)
    }
  }
}
