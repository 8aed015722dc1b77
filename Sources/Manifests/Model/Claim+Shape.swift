import Canonical

extension Claim {
  /// The keys of which a claim has exactly one.
  static let thresholds = ["at-least", "at-most", "between", "equals"]

  /// What an entry of `claims:` may be.
  static func shape(for family: ModelFamily) -> Shape {
    let iteration = Shape.integer(0...Int.max)
    let final = Shape.names(["final"])
    let window = Shape.record([
      .init("from", iteration, required: true, "The first iteration."),
      .init(
        "to", .either([iteration, final]), required: true, "The last iteration, or final."),
    ])
    let bound = Shape.number(.any)
    return .record(
      [
        .init("says", .string(.text), required: true, "The claim in words."),
        .init("metric", family.metric, required: true, "The metric it is about."),
        .init(
          "at", .either([final, iteration, window]), default: "final",
          "When: final, an iteration, or {from, to}."),
        .init(
          "statistic", .names(Statistic.allCases.map(\.rawValue)), default: "mean",
          "The number made of the metric's values over the seeds."),
        .init("at-least", bound, "The least value that upholds the claim."),
        .init("at-most", bound, "The greatest value that upholds the claim."),
        .init(
          "between", .list(bound, count: 2...2),
          "The least and the greatest value that uphold the claim."),
        .init("equals", bound, "The only value that upholds the claim."),
        .init("where", family.conditions, "The cells it is about; all if none."),
        .init(
          "min-count", .integer(1...Seeds.limit),
          "The least number of seeds with a value; all if none."),
      ], exactlyOne: thresholds)
  }
}
