import Canonical
import Theory

/// A run of descent as arrays: `iterations` [R], `weights` [R, d, d], `losses` [R],
/// `gradient-norms` [R] and the logarithms of both, `stopped-at` [0 or 1].
enum TrajectoryFile {
  static let name = "trajectory.safetensors"

  static func bytes(_ trajectory: Trajectory) -> [UInt8] {
    var tensors = Tensors()
    let dimension = trajectory.dimension
    tensors.set("iterations", trajectory.iterations)
    tensors.set(
      "weights", trajectory.weights, shape: [trajectory.count, dimension, dimension])
    tensors.set("losses", trajectory.losses)
    tensors.set("log-losses", trajectory.logLosses)
    tensors.set("gradient-norms", trajectory.gradientNorms)
    tensors.set("log-gradient-norms", trajectory.logGradientNorms)
    tensors.set("stopped-at", trajectory.stoppedAt.map { [$0] } ?? [])
    return tensors.bytes
  }

  static func trajectory(_ bytes: [UInt8]) throws -> Trajectory {
    let tensors = try Tensors(bytes: bytes)
    let (weights, shape) = try tensors.numbers("weights")
    return Trajectory(
      dimension: shape[1], iterations: try tensors.integers("iterations").values,
      weights: weights, losses: try tensors.numbers("losses").values,
      logLosses: try tensors.numbers("log-losses").values,
      gradientNorms: try tensors.numbers("gradient-norms").values,
      logGradientNorms: try tensors.numbers("log-gradient-norms").values,
      stoppedAt: try tensors.integers("stopped-at").values.first)
  }
}
