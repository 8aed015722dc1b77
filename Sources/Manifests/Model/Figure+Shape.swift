import Canonical

extension Figure {
  /// What an entry of `figures:` may be.
  static func shape(for family: ModelFamily) -> Shape {
    let indices = family.indices.filter { $0 != "iteration" }.map {
      Shape.Option($0, doc: "An index of a metric.")
    }
    let iteration = Shape.Option("iteration", doc: "Training iterations.")
    let paths = family.fields.map { Shape.Option($0.path, doc: $0.doc) }
    let metrics = family.metrics.map { Shape.Option($0.name, doc: $0.description) }
    let abscissae = [iteration] + paths + metrics + indices
    let hasIterations = family.indices.contains("iteration")
    let ordinates = metrics + paths + indices + (hasIterations ? [iteration] : [])
    let division = Shape.choice(paths + indices)
    let scale = Shape.names(Scale.allCases.map(\.rawValue))
    return .record([
      .init("name", .string(.slug), required: true, "The name of its files."),
      .init(
        "kind", .names(Kind.allCases.map(\.rawValue)), default: "line",
        "How it is drawn; points, one a run, where x is a metric; a heat map where y is a path."),
      .init(
        "y", .either([.choice(ordinates), .list(family.anyMetric)]),
        "The metric or metrics on the vertical axis; of a heat map, a swept path or an index."),
      .init("colour", family.anyMetric, "The metric that colours the cells of a heat map."),
      .init(
        "statistic",
        .names(Claim.Statistic.allCases.filter { $0 != .slope }.map(\.rawValue)),
        "The number made of a metric's values over the seeds; if none, the mean, or the median "
          + "that goes with quantiles."),
      .init(
        "x", .choice(abscissae), default: "iteration",
        "The horizontal axis: iteration, a swept path, a metric, or an index of a metric."),
      .init(
        "by", .either([division, .list(division, count: 0...Int.max)]),
        "The swept paths and indices that tell lines apart; all paths which are not on an axis, in "
          + "panels or under where."),
      .init("panels", division, "The swept path or index with a panel for each of its values."),
      .init("where", family.conditions, "Swept paths held at one value."),
      .init("seed", .integer(0...Int.max), "The only run that is drawn; of a graph, the first."),
      .init("at", .record(places(family)), "Indices held at one place; iteration at the last."),
      .init("bins", .integer(2...200), default: 20, "The number of a histogram's intervals."),
      .init("lines", .list(ReferenceLine.shape), "Lines drawn for comparison."),
      .init(
        "band", .names(Band.allCases.map(\.rawValue)), default: "std",
        "What is shaded around a line, or ends error bars; none around another statistic than mean or median."
      ),
      .init(
        "legend", .record(family.metrics.map { .init($0.name, .string(.text), $0.description) }),
        "What the legend calls metrics under y, if not by their names."),
      .init("x-scale", scale, default: "linear", "The scale of the horizontal axis."),
      .init("y-scale", scale, default: "linear", "The scale of the vertical axis."),
      .init("colour-scale", scale, default: "linear", "The scale of a heat map's colours."),
      .init("title", .string(.text), "The heading; none if not given."),
      .init("x-title", .string(.text), "The horizontal axis in words."),
      .init("y-title", .string(.text), "The vertical axis in words."),
      .init("colour-title", .string(.text), "The colours of a heat map in words."),
    ])
  }

  private static func places(_ family: ModelFamily) -> [Shape.Entry] {
    let indices = family.indices + [family.graphIndex].compactMap(\.self)
    return Set(indices).sorted().map { index in
      .init(
        index, .either([.integer(0...Int.max), .names(["final"])]),
        index == "iteration"
          ? "The last recorded iteration up to this one."
          : "Its place, counted from 0; if places have numbers, the last up to this one.")
    }
  }
}
