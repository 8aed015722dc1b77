import Canonical

extension Figure {
  /// The figure as plain data, defaults written out: what a stage's key holds of it.
  package var value: Value {
    var entries: [String: Value] = [
      "name": .string(name), "kind": .string(kind.rawValue),
      "metrics": .list(metrics.map(Value.string)), "x": abscissa.value,
      "by": .list(by.map(Value.string)), "band": .string(band.rawValue),
      "where": .map(Dictionary(uniqueKeysWithValues: cells.map { ($0.path, $0.value) })),
      "x-scale": .string(horizontalScale.rawValue), "y-scale": .string(verticalScale.rawValue),
    ]
    if let title { entries["title"] = .string(title) }
    if let horizontalTitle { entries["x-title"] = .string(horizontalTitle) }
    if let verticalTitle { entries["y-title"] = .string(verticalTitle) }
    return .map(entries)
  }

  /// Reads ``value`` back; nil where `value` is no figure.
  package init?(_ value: Value) {
    guard let name = value["name"]?.string, let kind = value["kind"]?.string.flatMap(Kind.init),
      let metrics = value["metrics"]?.list?.compactMap(\.string),
      let abscissa = value["x"].flatMap(Abscissa.init),
      let by = value["by"]?.list?.compactMap(\.string),
      let band = value["band"]?.string.flatMap(Band.init),
      let horizontalScale = value["x-scale"]?.string.flatMap(Scale.init),
      let verticalScale = value["y-scale"]?.string.flatMap(Scale.init)
    else { return nil }
    self.init(
      name: name, kind: kind, metrics: metrics, abscissa: abscissa, by: by,
      cells: Condition.list(value["where"]), band: band, horizontalScale: horizontalScale,
      verticalScale: verticalScale, title: value["title"]?.string,
      horizontalTitle: value["x-title"]?.string, verticalTitle: value["y-title"]?.string)
  }
}

extension Figure.Abscissa {
  var value: Value {
    switch self {
    case .iteration: "iteration"
    case .swept(let path): ["swept": .string(path)]
    case .metric(let metric): ["metric": .string(metric)]
    }
  }

  init?(_ value: Value) {
    if value == "iteration" {
      self = .iteration
    } else if let path = value["swept"]?.string {
      self = .swept(path)
    } else if let metric = value["metric"]?.string {
      self = .metric(metric)
    } else {
      return nil
    }
  }
}
