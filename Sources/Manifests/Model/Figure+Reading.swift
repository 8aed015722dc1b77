import Canonical

extension Figure {
  /// Reads ``value`` back, as a stage's parameters hold it; nil where it is no figure.
  package init?(_ value: Value) {
    guard let name = value["name"]?.string, let kind = value["kind"]?.string.flatMap(Kind.init)
    else { return nil }
    let places = value["at"]?.map?.sorted { $0.key < $1.key }
      .map { IndexPlace(index: $0.key, place: $0.value.integer) }
    func scale(_ key: String) -> Scale { value[key]?.string.flatMap(Scale.init) ?? .linear }
    let abscissa = Abscissa(
      name: value["x"]?.string ?? "iteration", isIndexed: kind != .graph && places != nil)
    let metrics = Figure.metrics(kind, value)
    guard kind == .graph || !metrics.isEmpty else { return nil }
    self.init(
      name: name, kind: kind, metrics: metrics, abscissa: abscissa,
      ordinate: kind == .heatmap ? value["y"]?.string : nil,
      statistic: value["statistic"]?.string.flatMap(Claim.Statistic.init),
      by: value["by"]?.list?.compactMap(\.string) ?? [], cells: [Condition](value["where"]),
      band: value["band"]?.string.flatMap(Band.init) ?? .none, horizontalScale: scale("x-scale"),
      verticalScale: scale("y-scale"), colourScale: scale("colour-scale"),
      title: value["title"]?.string, horizontalTitle: value["x-title"]?.string,
      verticalTitle: value["y-title"]?.string, colourTitle: value["colour-title"]?.string,
      panels: value["panels"]?.string, bins: value["bins"]?.integer, seed: value["seed"]?.integer,
      places: places, lines: value["lines"]?.list?.compactMap(ReferenceLine.init) ?? [],
      legend: value["legend"]?.map?.compactMapValues(\.string) ?? [:],
      bounds: value["bounds"]?.map?.mapValues(Bounds.init) ?? [:])
  }

  /// The metrics on the vertical axis, that of a heat map's colours, or of a histogram.
  private static func metrics(_ kind: Kind, _ value: Value) -> [String] {
    switch kind {
    case .graph: []
    case .heatmap: value["colour"]?.string.map { [$0] } ?? []
    case .histogram: value["x"]?.string.map { [$0] } ?? []
    case .line, .points, .errorbars: value["y"]?.list?.compactMap(\.string) ?? []
    }
  }
}

extension Figure.Abscissa {
  /// What a name on the horizontal axis means: a swept path has a dot, a metric or index has none.
  fileprivate init(name: String, isIndexed: Bool) {
    if name.contains(".") {
      self = .swept(name)
    } else if isIndexed {
      self = .index(name)
    } else {
      self = name == "iteration" ? .iteration : .metric(name)
    }
  }
}
