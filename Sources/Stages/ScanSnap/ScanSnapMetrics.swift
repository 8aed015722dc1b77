import Manifests

extension ModelFamily {
  /// What the analysis of a scan-snap run yields, at each recorded iteration.
  ///
  /// Attention is that of a last token in long sequences of a class, c_{l|n}.
  static let scanSnapMetrics: [Metric] = [
    Metric(
      "distinct-entropy", in: .nonnegative,
      "The entropy of attention among a class's distinct tokens, in nats, mean over classes."),
    Metric(
      "token-attention", in: .share,
      "The attention on each context token of a class: common ones, distinct ones from the rarest.",
      indices: ["iteration", "class", "token"]),
    Metric(
      "common-attention", in: .share, "The attention on all common tokens, mean over classes."),
    Metric(
      "common-left", in: .nonnegative,
      "The attention on common tokens over that at the start, of the class with most left.",
      missing: "where there are no common tokens"),
    Metric(
      "rare-attention", in: .share,
      "The attention on a class's rarest distinct token, mean over classes."),
    Metric(
      "frequent-attention", in: .share,
      "The attention on a class's most frequent distinct token, mean over classes."),
    Metric(
      "common-gain", "The log of a common token's attention over that at the start, on average."),
    Metric(
      "distinct-gain",
      "The log of a distinct token's attention over that at the start, on average."),
    Metric("advantage", "Mean Z of distinct tokens less that of common ones, mean over classes."),
    Metric(
      "frequency-order", in: .correlation,
      "Spearman's correlation of Z and frequency over a class's distinct tokens, mean over classes."
    ),
    Metric("row-drift", in: .nonnegative, "The largest change of a row sum of Z since the start."),
    Metric(
      "late-motion", in: .nonnegative,
      "The largest step of Z in the last two fifths of a run over the largest of all, 1 value a run."
    ),
    Metric("loss", in: .nonnegative, "The cross-entropy of the iteration's fresh batch, in nats."),
    Metric(
      "likelihood", in: .share, "The mean probability of the right next token on the same batch."),
    Metric(
      "likely-at", in: .nonnegative,
      "The first iteration with a likelihood above 1/2, one value a run.",
      missing: "where there is none"),
  ]
}
