import Canonical
import Manifests
import Theory

extension ScanSnapDescent {
  /// The parameters that describe a run.
  static let reads =
    SequenceClasses.reads + [
      "data.length", "data.batch", "train.eta-z", "train.ratio", "train.momentum", "train.initial",
      "train.normalized-output", "train.residual", "train.self-attention", "train.iterations",
      "train.record",
    ]

  /// About how long a run takes, in seconds.
  static func cost(_ parameters: Parameters) -> Double {
    let tokens = Double(SequenceClasses(parameters).vocabulary + 100)
    let sequences = Double(parameters["data.batch"].integer!)
    return 5e-9 * tokens * sequences * Double(parameters["train.iterations"].integer!)
  }

  init(_ parameters: Parameters) {
    let rate = parameters["train.eta-z"].double!
    self.init(
      SequenceClasses(parameters),
      layer: ScanSnapLayer(
        isNormalised: parameters["train.normalized-output"].bool!,
        hasResidual: parameters["train.residual"].bool!,
        attendsToLast: parameters["train.self-attention"].bool!),
      length: parameters["data.length"].integer!, batch: parameters["data.batch"].integer!,
      decoderRate: rate * parameters["train.ratio"].double!, attentionRate: rate,
      momentum: parameters["train.momentum"].double!,
      startsAtZero: parameters["train.initial"] == "zero",
      iterations: parameters["train.iterations"].integer!,
      schedule: RecordSchedule(parameters))
  }
}

extension SequenceClasses {
  /// The parameters that describe the classes.
  static let reads = [
    "data.num-last", "data.num-next-per-last", "data.common", "data.distinct",
    "data.common-weight", "data.distinct-weight.least", "data.distinct-weight.greatest",
  ]

  init(_ parameters: Parameters) {
    let least = parameters["data.distinct-weight.least"].double!
    let greatest = parameters["data.distinct-weight.greatest"].double!
    self.init(
      lastTokens: parameters["data.num-last"].integer!,
      nextPerLast: parameters["data.num-next-per-last"].integer!,
      common: parameters["data.common"].integer!, distinct: parameters["data.distinct"].integer!,
      commonWeight: parameters["data.common-weight"].double!, distinctWeights: least...greatest)
  }
}
