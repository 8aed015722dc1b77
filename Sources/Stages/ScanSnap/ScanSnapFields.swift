import Canonical
import Manifests
import Theory

extension ModelFamily {
  /// Pairwise attention and decoder weights on sequence classes: Tian et al., NeurIPS 2023.
  package static let scanSnap = ModelFamily(
    name: "scan-snap",
    doc: "Pairwise attention and decoder trained on sequence classes (Tian et al., NeurIPS 2023).",
    fields: classFields + descentFields, metrics: scanSnapMetrics, rules: scanSnapRules,
    uses: scanSnapUses,
    horizon: "train.iterations", records: RecordSchedule.records)

  private static let classFields: [Field] = [
    Field("data.num-last", .integer(1...10_000), default: 2, "The number of last tokens."),
    Field(
      "data.num-next-per-last", .integer(1...10_000), default: 1,
      "The next tokens of each last token, each with a sequence class of its own."),
    Field(
      "data.common", .integer(0...10_000), default: 10,
      "The tokens that the contexts of all classes share."),
    Field(
      "data.distinct", .integer(1...10_000), default: 10,
      "The tokens that occur in the contexts of one class only, for each class."),
    Field(
      "data.common-weight", .number(.positive), default: 1.0,
      "The weight with which each common token is drawn."),
    Field(
      "data.distinct-weight.least", .number(.positive), default: 0.1,
      "The weight of a class's rarest distinct token; those between are evenly spaced."),
    Field(
      "data.distinct-weight.greatest", .number(.positive), default: 1.0,
      "The weight of a class's most frequent distinct token."),
    Field(
      "data.length", .integer(2...65_536), default: 128,
      "The tokens of a sequence with its last one, L."),
    Field(
      "data.batch", .integer(1...65_536), default: 128, "The fresh sequences of each step, B."),
  ]

  private static let descentFields: [Field] = [
    Field("train.eta-z", .number(.positive), default: 1.0, "The rate of attention, η_Z."),
    Field(
      "train.ratio", .number(.positive), default: 1.0,
      "The rate of the decoder over that of attention, η_Y/η_Z."),
    Field(
      "train.momentum", .number(Bounds(lower: .including(0), upper: .excluding(1))), default: 0.9,
      "The momentum, μ."),
    Field(
      "train.initial",
      .choice([
        .init("uniform", doc: "Every entry of Y and Z uniform between ±1/√M."),
        .init("zero", doc: "All zero."),
      ]), default: "uniform", "The weights at the start."),
    Field(
      "train.normalized-output", .boolean, default: true,
      "Whether the decoder sees attention divided by its Euclidean norm."),
    Field(
      "train.residual", .boolean, default: false,
      "Whether the decoder sees the last token as well."),
    Field(
      "train.self-attention", .boolean, default: false,
      "Whether the last token attends to itself as well."),
    Field(
      "train.iterations", .integer(1...1_000_000_000), default: 100,
      "The number of steps of stochastic gradient descent."),
    Field(
      "train.record", RecordSchedule.shape, default: ["every": 2],
      "The iterations that are recorded."),
  ]

  /// Where the weights of tokens matter.
  private static let scanSnapUses: [Use] = [
    Use(
      of: "data.common-weight", reads: ["data.common"], purpose: "there are no common tokens"
    ) { $0["data.common"] != 0 },
    Use(
      of: "data.distinct-weight.least", reads: ["data.distinct"],
      purpose: "a class has one distinct token, whose weight is data.distinct-weight.greatest"
    ) { $0["data.distinct"] != 1 },
  ]
}
