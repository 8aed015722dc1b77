/// What a run of descent recorded.
package struct Trajectory: Hashable, Sendable {
  /// d: each record's weights are d × d.
  package let dimension: Int
  /// The recorded iterations, ascending: [R].
  package let iterations: [Int]
  /// `W(τ)` of each record, row-major: [R × d × d]; empty where they are not kept.
  package internal(set) var weights: [Double]
  /// `L(W(τ))`: [R]; 0 where it underflows.
  package internal(set) var losses: [Double]
  /// `ln L(W(τ))`: [R]; right also where the loss underflows, −∞ where it is exactly 0, and
  /// no number where it is negative.
  package internal(set) var logLosses: [Double]
  /// `‖∇L(W(τ))‖_F`: [R]; 0 where it underflows.
  package internal(set) var gradientNorms: [Double]
  /// `ln ‖∇L(W(τ))‖_F`: [R]; −∞ where it is exactly 0.
  package internal(set) var logGradientNorms: [Double]
  /// The iteration at which the gradient was zero to its own rounding error, if any was. From it on
  /// every record repeats the same `W`.
  package internal(set) var stoppedAt: Int?

  /// Series of equal length R, the weights R × d × d long or empty.
  package init(
    dimension: Int, iterations: [Int], weights: [Double], losses: [Double], logLosses: [Double],
    gradientNorms: [Double], logGradientNorms: [Double], stoppedAt: Int?
  ) {
    let isWhole = weights.count == iterations.count * dimension * dimension
    precondition(isWhole || weights.isEmpty, "R × d × d weights")
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
