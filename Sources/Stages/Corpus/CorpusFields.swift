import Canonical
import Manifests
import Theory

extension ModelFamily {
  /// No model is trained: the token-priority graphs of a text.
  package static let corpus = ModelFamily(
    name: "corpus", doc: "The token-priority graphs of a text; nothing is trained.",
    fields: [
      textField,
      vocabularyField(default: 30_000),
      Field(
        "data.context", .integer(1...1024), default: 16,
        "The tokens of a sequence, T; the token after them is its label."),
      Field(
        "data.order", order, default: "text",
        "The order of the tokens: the text's, or for comparison a random one."),
      Field(
        "data.keep", keep, default: "edges",
        "What is kept of each graph; the edges of a large text take gigabytes."),
    ],
    metrics: corpusMetrics)

  /// The text, for every model that reads one.
  static let textField = Field(
    "data.text", .file([]), "A text in UTF-8: words between white space, a line a paragraph.")

  static func vocabularyField(default tokens: Int) -> Field {
    Field(
      "data.vocabulary", .integer(3...1 << 20), default: .integer(tokens),
      "The most tokens, K, with <unk> for rarer words and <eos> for the end of a line.")
  }

  private static let order = Shape.choice([
    .init("text", doc: "As in the text."),
    .init("shuffled", doc: "A random permutation: the same tokens without their order."),
  ])

  private static let keep = Shape.choice([
    .init("edges", doc: "Its numbers and its edges."),
    .init("statistics", doc: "Its numbers alone."),
  ])

  /// What the graphs of a text yield; one value each.
  private static let corpusMetrics: [Metric] = [
    Metric("tokens", in: .nonnegative, "The tokens of the text, N."),
    Metric(
      "graphs", in: .nonnegative, "The number of priority graphs: of tokens that end a sequence."),
    Metric("edges", in: .nonnegative, "The edges of all graphs."),
    Metric("edges-per-position", in: .nonnegative, "The edges of all graphs for each sequence."),
    Metric("cyclic-graphs", in: .share, "The share of graphs with a component of several tokens."),
    Metric(
      "cyclic-mass", in: .share,
      "The share of sequences whose graph has a component of several tokens."),
    Metric(
      "largest-share", in: .share,
      "The share of a graph's tokens that lie in its largest component, mean over sequences."),
    Metric(
      "cyclic-share", in: .share,
      "The share of a graph's tokens that lie in components of several, mean over sequences."),
    Metric("components", in: .nonnegative, "The components of a graph, mean over sequences."),
    Metric(
      "depth", in: .nonnegative,
      "The components on a longest path of a graph's condensation, mean over sequences."),
    Metric("greatest-depth", in: .nonnegative, "The largest depth of any graph."),
  ]
}
