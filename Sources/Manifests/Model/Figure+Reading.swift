import Canonical

extension Figure {
  /// Reads ``value`` back, as a stage's parameters hold it; nil where it is no figure.
  package init?(_ value: Value) {
    guard let name = value["name"]?.string, let kind = value["kind"]?.string.flatMap(Kind.init),
      let metrics = Figure.metrics(kind, value),
      let abscissa = value["x"]?.string.map(Abscissa.init(name:)),
      let by = value["by"]?.list?.compactMap(\.string),
      let band = value["band"]?.string.flatMap(Band.init),
      let horizontalScale = value["x-scale"]?.string.flatMap(Scale.init),
      let verticalScale = value["y-scale"]?.string.flatMap(Scale.init)
    else { return nil }
    self.init(
      name: name, kind: kind, metrics: metrics, abscissa: abscissa,
      ordinate: kind == .heatmap ? value["y"]?.string : nil,
      statistic: value["statistic"]?.string.flatMap(Claim.Statistic.init), by: by,
      cells: [Condition](value["where"]), band: band, horizontalScale: horizontalScale,
      verticalScale: verticalScale,
      colourScale: value["colour-scale"]?.string.flatMap(Scale.init) ?? .linear,
      title: value["title"]?.string, horizontalTitle: value["x-title"]?.string,
      verticalTitle: value["y-title"]?.string, colourTitle: value["colour-title"]?.string)
  }

  /// The metrics on the vertical axis, or that of a heat map's colours.
  private static func metrics(_ kind: Kind, _ value: Value) -> [String]? {
    kind == .heatmap
      ? value["colour"]?.string.map { [$0] } : value["y"]?.list?.compactMap(\.string)
  }
}

extension Figure.Abscissa {
  /// What a name on the horizontal axis means: a swept path has a dot, a metric has none.
  fileprivate init(name: String) {
    self = name == "iteration" ? .iteration : name.contains(".") ? .swept(name) : .metric(name)
  }
}
