import Canonical

extension Figure {
  /// What an entry of `figures:` may be.
  static func shape(for family: ModelFamily) -> Shape {
    let abscissae =
      [Shape.Option("iteration", doc: "Training iterations.")]
      + family.fields.map { Shape.Option($0.path, doc: $0.doc) }
      + family.metrics.map { Shape.Option($0.name, doc: $0.doc) }
    let ordinates =
      family.metrics.map { Shape.Option($0.name, doc: $0.doc) }
      + family.fields.map { Shape.Option($0.path, doc: $0.doc) }
    let scale = Shape.names(Scale.allCases.map(\.rawValue))
    return .record([
      .init("name", .string(.slug), required: true, "The name of its files."),
      .init(
        "kind", .names(Kind.allCases.map(\.rawValue)), default: "line",
        "How it is drawn; points, one a run, where x is a metric; a heat map where y is a path."),
      .init(
        "y", .either([.choice(ordinates), .list(family.metric)]), required: true,
        "The metric or metrics on the vertical axis; of a heat map, a swept path."),
      .init("colour", family.metric, "The metric that colours the cells of a heat map."),
      .init(
        "statistic",
        .names(Claim.Statistic.allCases.filter { $0 != .slope }.map(\.rawValue)),
        "The number made of a metric's values over the seeds; if none, the mean, or the median "
          + "that goes with quantiles."),
      .init(
        "x", .choice(abscissae), default: "iteration",
        "The horizontal axis: iteration, a swept path, or a metric."),
      .init(
        "by", .either([family.path, .list(family.path, count: 0...Int.max)]),
        "The swept paths that tell lines apart; all which are not on an axis or under where."),
      .init("where", family.conditions, "Swept paths held at one value."),
      .init(
        "band", .names(Band.allCases.map(\.rawValue)), default: "std",
        "What is shaded around a line: one standard deviation, the 5 % to 95 % quantiles; none "
          + "around another statistic than mean or median."),
      .init("x-scale", scale, default: "linear", "The scale of the horizontal axis."),
      .init("y-scale", scale, default: "linear", "The scale of the vertical axis."),
      .init("colour-scale", scale, default: "linear", "The scale of a heat map's colours."),
      .init("title", .string(.text), "The heading; the experiment's title if none."),
      .init("x-title", .string(.text), "The horizontal axis in words."),
      .init("y-title", .string(.text), "The vertical axis in words."),
      .init("colour-title", .string(.text), "The colours of a heat map in words."),
    ])
  }
}
