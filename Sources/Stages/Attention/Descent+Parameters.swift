import Canonical
import Manifests
import Theory

extension Descent {
  /// The parameters that describe a run of descent.
  static let reads =
    Loss.reads + [
      "train.step.size", "train.step.normalized", "train.step.momentum", "train.batch",
      "train.iterations", "train.record",
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
      schedule: RecordSchedule(parameters), loss: Loss(parameters), head: Head(parameters))
    momentum = parameters["train.step.momentum"].double!
    batch = parameters["train.batch"].integer
  }

  /// Descends from the initial weights or factors of a seed.
  func run(_ contexts: Contexts, _ parameters: Parameters, seed: Int) -> Trajectory {
    let initial = InitialWeights(parameters)
    let batches = Stream(kind: "gd", seed: seed, purpose: "batches")
    guard let inner = parameters["train.factors"]["inner"]?.integer else {
      let weights = initial.weights(dimension: contexts.dimension, seed: seed)
      return run(contexts, from: weights, batches: batches)
    }
    let factors = initial.factors(inner: inner, dimension: contexts.dimension, seed: seed)
    return run(contexts, from: factors, batches: batches)
  }
}

extension Loss {
  /// The parameters that describe a loss of logits and what these are.
  static let reads = ["train.loss", "train.temperature", "train.head"]

  init(_ parameters: Parameters) {
    switch parameters["train.loss"] {
    case "log": self = .log
    case "squared": self = .squared
    case "cross-entropy":
      self = .crossEntropy(temperature: parameters["train.temperature"].double!)
    case "correlation": self = .correlation
    case let other: preconditionFailure("no loss is called \(other.label)")
    }
  }
}

extension Head {
  init(_ parameters: Parameters) {
    self = parameters["train.head"].string.flatMap(Head.init)!
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
    weights(
      dimension: dimension,
      draws: InitialWeights.draws(dimension * dimension, seed, "initial"))
  }

  /// The factors of `W(0)` of a seed, from the stream of this purpose.
  func factors(inner: Int, dimension: Int, seed: Int) -> Factors {
    factors(
      inner: inner, dimension: dimension,
      draws: InitialWeights.draws(2 * inner * dimension, seed, "initial-factors"))
  }

  private static func draws(_ count: Int, _ seed: Int, _ purpose: String) -> [Double] {
    var stream = Stream(kind: "gd", seed: seed, purpose: purpose)
    return (0..<count).map { _ in stream.uniform() }
  }
}
