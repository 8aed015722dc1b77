/// What a run of descent recorded.
package struct Trajectory: Hashable, Sendable {
  /// d: each record's weights are d × d.
  package let dimension: Int
  /// The recorded iterations, ascending: [R].
  package let iterations: [Int]
  /// `W(τ)` of each record, row-major: [R × d × d].
  package fileprivate(set) var weights: [Double]
  /// `L(W(τ))`: [R]; 0 where it underflows.
  package fileprivate(set) var losses: [Double] = []
  /// `ln L(W(τ))`: [R]; right also where the loss underflows, −∞ where it is exactly 0.
  package fileprivate(set) var logLosses: [Double] = []
  /// `‖∇L(W(τ))‖_F`: [R]; 0 where it underflows.
  package fileprivate(set) var gradientNorms: [Double] = []
  /// `ln ‖∇L(W(τ))‖_F`: [R]; −∞ where it is exactly 0.
  package fileprivate(set) var logGradientNorms: [Double] = []
  /// The iteration at which the gradient was zero to its own rounding error, if any was. From it on
  /// every record repeats the same `W`.
  package fileprivate(set) var stoppedAt: Int?

  /// A trajectory read back from where it was kept; shapes as above.
  package init(
    dimension: Int, iterations: [Int], weights: [Double], losses: [Double] = [],
    logLosses: [Double] = [], gradientNorms: [Double] = [], logGradientNorms: [Double] = [],
    stoppedAt: Int? = nil
  ) {
    (self.dimension, self.iterations, self.weights) = (dimension, iterations, weights)
    (self.losses, self.logLosses) = (losses, logLosses)
    (self.gradientNorms, self.logGradientNorms) = (gradientNorms, logGradientNorms)
    self.stoppedAt = stoppedAt
  }

  /// R.
  package var count: Int { iterations.count }

  /// `W(τ)` of record `record`.
  package func weights(at record: Int) -> Matrix {
    let size = dimension * dimension
    return Matrix(
      rows: dimension, columns: dimension,
      elements: Array(weights[record * size..<(record + 1) * size]))
  }

  /// The last record's weights.
  package var final: Matrix { weights(at: count - 1) }
}

/// Fills in a trajectory during a run.
struct Recorder {
  private(set) var trajectory: Trajectory
  private var next = 0

  init(_ iterations: [Int], dimension: Int) {
    trajectory = Trajectory(
      dimension: dimension, iterations: iterations,
      weights: .init(repeating: 0, count: iterations.count * dimension * dimension))
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
      if let base = weights.baseAddress { space.write(to: base + offset) }
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
