import Canonical
import Manifests
import Theory

extension Descent {
  /// The parameters that describe a run of descent.
  static let reads = [
    "train.loss", "train.head", "train.step.size", "train.step.normalized", "train.iterations",
    "train.record",
  ]

  /// About how long a run takes, in seconds.
  static func cost(_ parameters: Parameters) -> Double {
    1e-6 * Double(parameters["train.iterations"].integer ?? 0)
  }

  init(_ parameters: Parameters) {
    self.init(
      stepSize: parameters["train.step.size"].double!,
      isNormalised: parameters["train.step.normalized"].bool!,
      iterations: parameters["train.iterations"].integer!,
      schedule: RecordSchedule(parameters))
  }
}

extension InitialWeights {
  init(_ parameters: Parameters) {
    let value = parameters["train.initial"]
    if let scale = value["random"]?.double {
      self = .random(scale: scale)
    } else {
      self = value == "zero" ? .zero : .default
    }
  }

  /// `W(0)` of a seed, from the stream of this purpose.
  func weights(dimension: Int, seed: Int) -> Matrix {
    var stream = Stream(kind: "gd", seed: seed, purpose: "initial")
    return weights(
      dimension: dimension, draws: (0..<dimension * dimension).map { _ in stream.uniform() })
  }
}
