import Canonical
import Manifests
import Theory

extension ModelFamily {
  /// One layer of self-attention on data with known priorities: Li et al., AISTATS 2024.
  package static let attention = ModelFamily(
    name: "attention",
    doc: "One layer of self-attention trained on the next token (Li et al., AISTATS 2024).",
    fields: dataFields + trainFields + theoryFields,
    metrics: attentionMetrics + localMetrics + solverMetrics + pathMetrics + decompositionMetrics
      + automatonMetrics + recoveryMetrics,
    rules: attentionRules, uses: attentionUses,
    horizon: "train.iterations",
    records: RecordSchedule.records, graphIndex: lastToken)

  private static let dataFields: [Field] = [
    Field("data.vocabulary", .integer(1...65_536), "The number of tokens, K."),
    Field("data.dimension", .integer(1...65_536), "The dimension of the embeddings, d."),
    Field("data.length", .integer(1...65_536), "The tokens of a sequence, T."),
    Field("data.sequences", .integer(1...1_000_000), "The number of sequences, n."),
    Field("data.embedding", embedding, default: "unit-random", "The vectors of the tokens, E."),
    Field("data.structure", structure, default: "any", "The priorities among the tokens."),
    Field(
      "data.same-last-token", .boolean, default: false,
      "Whether all sequences end with the same token."),
    Field(
      "data.same-tokens", .boolean, default: false,
      "Whether all sequences have the same set of tokens."),
    Field(
      "data.attempts", .integer(1...1_000_000_000), default: 10_000,
      "The most datasets to draw until one has the structure."),
    Field(
      "data.label-noise", .number(.share), default: 0.0,
      "The share of the labels that are then replaced by tokens drawn from their sequences."),
  ]

  private static let trainFields: [Field] = [
    Field("train.loss", loss, default: "log", "The loss on the next token."),
    Field(
      "train.temperature", .number(.calculable), default: 1.0,
      "The number by which the cross-entropy loss divides the logits."),
    Field("train.head", head, default: "tied", "What makes logits of attention."),
    Field(
      "train.factors", factors, default: "none",
      "Whether descent is on factors of the weights, W = K_wᵀQ_w."),
    Field("train.step.size", .number(.positive), default: 0.01, "The step size, η."),
    Field(
      "train.step.normalized", .boolean, default: true,
      "Whether the gradient is divided by its norm."),
    Field(
      "train.step.momentum", .number(Bounds(lower: .including(0), upper: .excluding(1))),
      default: 0.0, "The momentum μ: a step is −η v, v ← μ v + g."),
    Field(
      "train.batch", .either([.names(["all"]), .integer(1...1_000_000)]), default: "all",
      "The sequences of which each step takes the gradient: all, or so many drawn anew."),
    Field(
      "train.iterations", .integer(1...1_000_000_000), default: 4_000,
      "The number of steps of gradient descent."),
    Field(
      "train.initial", initial, default: "default",
      "The weights at the start, W(0); with factors, the entries of both."),
    Field(
      "train.record", RecordSchedule.shape, default: ["log": 100],
      "The iterations that are recorded."),
    Field("train.finite-part", finitePart, default: "newton", "How the finite part is found."),
  ]

  private static let embedding = Shape.choice([
    .init("orthonormal", doc: "Rows of a random orthogonal matrix; needs K ≤ d."),
    .init(
      "equicorrelated", .number(Bounds(lower: .including(0), upper: .excluding(1))),
      doc: "Unit vectors with this inner product, ρ, between any two; needs K + 1 ≤ d."),
    .init("unit-random", doc: "Normalised Gaussian rows."),
    .init("given", .file(["npy"]), doc: "The rows of a NumPy file, K by d."),
  ])

  private static let structure = Shape.choice([
    .init("any", doc: "As drawn."),
    .init("acyclic", doc: "Every component of every priority graph is one token."),
    .init("cyclic", doc: "Some component has several tokens."),
    .init("strict-order", doc: "A random total order of the tokens for each last token."),
    .init("blocks", blocks, doc: "Ordered blocks of tokens, each a component."),
    .init(
      "given", .file(["json"]), doc: "The sequences, labels and embeddings of a dataset document."),
  ])

  private static let blocks = Shape.record([
    .init(
      "sizes", .list(.integer(1...65_536)), required: true,
      "The tokens of each block, the highest priority first; K in all."),
    .init(
      "weights", .list(.number(.positive)),
      "The weights with which a block's tokens become labels; equal if none."),
  ])

  private static let loss = Shape.choice([
    .init("log", doc: "−log u_y of the logits u and the label y; with the tied head only."),
    .init("squared", doc: "(1 − u_y)²; with the general head (1 − softmax(u)_y)²."),
    .init("cross-entropy", doc: "−log softmax(u / temperature)_y over the vocabulary."),
    .init("correlation", doc: "−u_y."),
  ])

  private static let head = Shape.choice([
    .init("tied", doc: "A token's logit is its attention mass, u_j = a_j."),
    .init("general", doc: "The embeddings as head, u_j = Σ_i e_jᵀe_i a_i."),
  ])

  private static let factors = Shape.choice([
    .init("none", doc: "Descent is on W itself."),
    .init("inner", .integer(1...65_536), doc: "K_w and Q_w have so many rows."),
  ])

  private static let initial = Shape.choice([
    .init("default", doc: "Uniform between ±1/√d."),
    .init("zero", doc: "All zero."),
    .init("random", .number(.positive), doc: "Uniform between ±s/√d, s being this number."),
  ])

  private static let finitePart = Shape.choice([
    .init("newton", doc: "By Newton's method, to a gradient norm of 1e-10."),
    .init(
      "descent", .integer(1...1_000_000_000),
      doc: "By so many normalised steps of 0.01 of gradient descent, as the authors do."),
  ])
}
