import Canonical
import Manifests
import Theory

extension ModelFamily {
  /// A small causal transformer on a text: Tian et al., NeurIPS 2023, section 7.
  package static let transformer = ModelFamily(
    name: "transformer",
    doc: "A causal transformer trained on the words of a text (Tian et al., NeurIPS 2023).",
    fields: textFields + modelFields + stepFields, metrics: transformerMetrics,
    rules: transformerRules, horizon: "train.iterations")

  private static let textFields: [Field] = [
    textField,
    vocabularyField(default: 30_000),
    Field("data.length", .integer(1...4096), default: 35, "The tokens of a sequence, L."),
    Field(
      "data.validation",
      .number(Bounds(lower: .excluding(0), upper: .excluding(1))), default: 0.1,
      "The share of the text, at its end, on which nothing is trained."),
  ]

  private static let modelFields: [Field] = [
    Field("train.layers", .integer(1...64), default: 1, "The number of layers."),
    Field(
      "train.dimension", .integer(1...16_384), default: 200, "The dimension of the embeddings, d."),
    Field(
      "train.feed-forward", .integer(1...65_536), default: 200,
      "The width of the feed-forward parts."),
    Field(
      "train.positions", .boolean, default: false,
      "Whether each position in a sequence has a vector of its own, which is learned."),
    Field(
      "train.residual", .boolean, default: true, "Whether each part's input is added to its output."
    ),
    Field("train.layer-norm", .boolean, default: true, "Whether a layer norm follows each part."),
    Field(
      "train.dropout", .number(Bounds(lower: .including(0), upper: .excluding(1))), default: 0.2,
      "The probability with which dropout drops a number."),
  ]

  /// What `train.maps` is where it is not given.
  static let defaultMaps: Value = [0, 500, 1000, 1500]

  private static let stepFields: [Field] = [
    Field("train.batch", .integer(1...65_536), default: 20, "The sequences of a batch."),
    Field("train.step.size", .number(.positive), default: 5.0, "The step size, η."),
    Field(
      "train.step.clip", .number(.positive), default: 0.25,
      "The norm to which longer gradients are shortened."),
    Field(
      "train.iterations", .integer(1...1_000_000_000), default: 1500,
      "The number of steps of stochastic gradient descent."),
    Field(
      "train.record", RecordSchedule.shape, default: ["every": 100],
      "The iterations that are recorded."),
    Field(
      "train.maps", .list(.integer(0...1_000_000_000)), default: defaultMaps,
      "The iterations whose attention maps are kept; of the default those that training reaches."),
    Field(
      "train.validation-batches", .integer(1...1_000_000), default: 10,
      "The most batches of the validation text on which a record measures."),
  ]

  /// What the analysis of a transformer yields, at each recorded iteration.
  private static let transformerMetrics: [Metric] = [
    Metric(
      "training-loss", in: .nonnegative,
      "The mean loss of the batches since the last record, in nats."),
    Metric(
      "gradient-norm", in: .nonnegative,
      "The mean norm of their gradients before they were shortened."),
    Metric("validation-loss", in: .nonnegative, "The mean loss on the validation text, in nats."),
    Metric("validation-perplexity", in: .nonnegative, "e to the power of the validation loss."),
    Metric(
      "unigram-perplexity", in: .nonnegative,
      "The perplexity, on the same text, of the model that knows only how frequent tokens are."),
    Metric(
      "perplexity-ratio", in: .nonnegative,
      "The validation perplexity divided by that of the unigram model."),
    Metric(
      "attention-entropy", in: .nonnegative,
      "The entropy of attention, in nats: mean over queries and layers."),
    Metric(
      "attention-evenness", in: .share,
      "The entropy of attention over its greatest value, ln of the positions that a query sees."),
    Metric("first-evenness", in: .share, "The same in the first layer."),
    Metric("last-evenness", in: .share, "The same in the last layer."),
    Metric(
      "layer-entropy", in: .nonnegative,
      "The entropy of attention in each layer, in nats: mean over queries.",
      indices: ["iteration", "layer"]),
    Metric(
      "layer-evenness", in: .share, "The same over its greatest value.",
      indices: ["iteration", "layer"]),
    Metric(
      "attention-map", in: .share,
      "Attention in the first validation sequence, of each query on the keys up to it, at train.maps.",
      indices: ["map", "layer", "query", "key"]),
  ]
}
