import Canonical
import Theory

/// A run of Scan and Snap as arrays: `iterations` [R], `attention` [R, last tokens, M] (the rows of `Z`
/// of the last tokens), `losses`, `likelihoods` and `largest-steps` [R], `likely-at` [0 or 1].
enum ScanSnapFile {
  static let name = "trajectory.safetensors"

  static func bytes(_ trajectory: ScanSnapTrajectory) -> [UInt8] {
    var tensors = Tensors()
    let records = trajectory.iterations.count
    tensors.set("iterations", trajectory.iterations)
    tensors.set(
      "attention", trajectory.attention,
      shape: [records, trajectory.lastTokens, trajectory.vocabulary])
    tensors.set("losses", trajectory.losses)
    tensors.set("likelihoods", trajectory.likelihoods)
    tensors.set("largest-steps", trajectory.largestSteps)
    tensors.set("likely-at", trajectory.likelyAt.map { [$0] } ?? [])
    return tensors.bytes
  }

  static func trajectory(_ bytes: [UInt8]) throws -> ScanSnapTrajectory {
    let tensors = try Tensors(bytes: bytes)
    let (attention, shape) = try tensors.numbers("attention")
    return ScanSnapTrajectory(
      lastTokens: shape[1], vocabulary: shape[2],
      iterations: try tensors.integers("iterations").values, attention: attention,
      losses: try tensors.numbers("losses").values,
      likelihoods: try tensors.numbers("likelihoods").values,
      largestSteps: try tensors.numbers("largest-steps").values,
      likelyAt: try tensors.integers("likely-at").values.first)
  }
}
