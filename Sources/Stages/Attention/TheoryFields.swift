import Canonical
import Manifests

extension ModelFamily {
  /// What single analyses read beside the data and the training.
  static let theoryFields: [Field] = [
    Field(
      "data.fresh-contexts", .integer(1...1_000_000), default: 100,
      "The contexts, not of the data, on which the automaton is looked at."),
    Field(
      "train.radius", .number(.calculable), default: 10.0,
      "The radius R of the regularisation path, which descent does not see."),
  ]

  /// Where the parameters matter that only some data or analyses read.
  static let attentionUses: [Use] = [
    Use(
      of: "data.fresh-contexts", metrics: (automatonMetrics + recoveryMetrics).map(\.name),
      purpose: "no figure or claim names a metric of the automaton, such as automaton-distance"),
    Use(
      of: "train.radius", metrics: pathMetrics.map(\.name),
      purpose: "no figure or claim names a metric of the regularisation path, such as path-loss"),
    Use(
      of: "data.attempts", reads: ["data.structure"],
      purpose: "only acyclic and cyclic data are drawn until they are so"
    ) { ["acyclic", "cyclic"].contains($0["data.structure"]) },
    Use(
      of: "data.same-last-token", reads: ["data.structure"],
      purpose: "a given structure has sequences of its own"
    ) { $0["data.structure"]["given"] == nil },
    Use(
      of: "data.same-tokens", reads: ["data.structure"],
      purpose: "a given structure has sequences of its own"
    ) { $0["data.structure"]["given"] == nil },
  ]
}

extension Bounds {
  /// Positive, with room in the range of floating point for squares and quotients.
  static let calculable = Bounds(lower: .including(1e-100), upper: .including(1e100))
}
