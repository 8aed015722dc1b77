import Canonical

/// Makes a figure of a checked entry of `figures:`, collecting what its parts say against each other.
struct FigureReader {
  /// The entry as errors name it.
  let name: String
  let node: Node
  let value: Value
  let context: AnalysisContext
  /// What `where` fixes; nil if something was wrong with it.
  let fixed: [Condition]?
  let claims: [Claim]
  private(set) var faults: [(place: Place, message: String)] = []

  init(
    name: String, node: Node, value: Value, context: AnalysisContext, fixed: [Condition]?,
    claims: [Claim]
  ) {
    (self.name, self.node, self.value) = (name, node, value)
    (self.context, self.fixed, self.claims) = (context, fixed, claims)
  }

  mutating func read() -> Figure {
    let given = value["kind"]?.string.flatMap(Figure.Kind.init)
    let metrics = readMetrics(given)
    let indices = readIndices(of: metrics)
    let abscissa = readAbscissa(given, indices)
    let kind = readKind(given, abscissa)
    refuseStrangers(to: kind)
    let ordinate = readOrdinate(kind, abscissa, indices)
    let statistic = readStatistic(kind)
    let band = readBand(kind, statistic)
    let panels = readPanels(indices)
    var taken = [ordinate, panels].compactMap(\.self)
    switch abscissa {
    case .swept(let path), .index(let path): taken.append(path)
    case .iteration, .metric: break
    }
    let by = readBy(kind, taken, indices)
    let figure = Figure(
      name: value["name"]?.string ?? "", kind: kind, metrics: metrics,
      abscissa: abscissa, ordinate: ordinate, statistic: statistic, by: by,
      cells: fixed ?? [], band: band, horizontalScale: scale("x-scale"),
      verticalScale: scale("y-scale"), colourScale: scale("colour-scale"),
      title: value["title"]?.string, horizontalTitle: value["x-title"]?.string,
      verticalTitle: value["y-title"]?.string, colourTitle: value["colour-title"]?.string,
      panels: panels, bins: kind == .histogram ? value["bins"]?.integer ?? 20 : nil,
      seed: readSeed(kind, statistic, indices), places: readPlaces(kind, indices, taken + by),
      lines: readLines(abscissa, metrics), legend: readLegend(metrics),
      bounds: bounds(metrics, band))
    if figure.horizontalScale == .log { checkLogarithm(abscissa) }
    return figure
  }

  /// Reports at the value of `key`, or at the whole where there is none.
  mutating func report(_ key: String, _ message: String) {
    faults.append((node[key]?.place ?? node.place, "\(name)\(message)"))
  }

  /// One name or a list of them, as a list.
  static func names(_ value: Value?) -> [String] {
    value?.list?.compactMap(\.string) ?? value?.string.map { [$0] } ?? []
  }

  private func scale(_ key: String) -> Figure.Scale {
    value[key]?.string.flatMap(Figure.Scale.init) ?? .linear
  }

  private mutating func readMetrics(_ kind: Figure.Kind?) -> [String] {
    let key =
      switch kind {
      case .graph: ""
      case .heatmap: "colour"
      case .histogram: "x"
      default: "y"
      }
    if kind == .graph { return [] }
    if value[key] == nil { report("kind", " needs the key '\(key)'") }
    return FigureReader.names(value[key])
  }

  private mutating func readAbscissa(
    _ kind: Figure.Kind?, _ indices: [String]
  ) -> Figure.Abscissa {
    let text = value["x"]?.string ?? "iteration"
    guard kind != .graph else { return .iteration }
    guard indices.isEmpty else {
      if !indices.contains(text) {
        report("x", ".x must be an index of the metric: \(indices.joined(separator: " or "))")
      }
      return .index(text)
    }
    if kind == .histogram {
      if text == "iteration" || !context.family.isScalar(text) {
        report("x", ".x must be a metric without indices in a histogram")
      }
      return .metric(text)
    }
    guard text != "iteration" else { return .iteration }
    guard context.family.field(text) != nil else {
      if !context.family.isScalar(text) { report("x", ".x: \(text) is no index of the metric") }
      return .metric(text)
    }
    if !context.sweptPaths.contains(text), !context.broken.contains(text) {
      report("x", ".x: \(text) is not swept")
    }
    return .swept(text)
  }

  private mutating func readKind(
    _ given: Figure.Kind?, _ abscissa: Figure.Abscissa
  ) -> Figure.Kind {
    let isScatter = if case .metric = abscissa { true } else { false }
    guard let kind = given else { return isScatter ? .points : .line }
    switch kind {
    case .line, .points, .errorbars:
      if isScatter != (kind == .points) {
        let noun = kind == .errorbars ? kind.rawValue : "line"
        report("kind", ".kind must be points where x is a metric, and \(noun) elsewhere")
      }
    case .heatmap, .histogram, .graph: break
    }
    if kind == .graph, context.family.graphIndex == nil {
      report("kind", ".kind: runs of this model have no graph")
    }
    return kind
  }

  /// The statistic that is named; single points have none.
  private mutating func readStatistic(_ kind: Figure.Kind) -> Claim.Statistic? {
    guard let statistic = value["statistic"]?.string.flatMap(Claim.Statistic.init) else {
      return nil
    }
    if kind == .points { report("statistic", ".statistic: points have no statistic") }
    return statistic
  }

  private mutating func readBand(
    _ kind: Figure.Kind, _ statistic: Claim.Statistic?
  ) -> Figure.Band {
    let hasBand = kind == .line || kind == .errorbars
    guard let text = value["band"]?.string, let band = Figure.Band(rawValue: text) else {
      if kind == .errorbars, let statistic, statistic != .mean {
        report("statistic", " needs the key 'band'")
      }
      return hasBand && statistic ?? .mean == .mean && value["seed"] == nil ? .std : .none
    }
    guard band != .none else {
      if kind == .errorbars { report("band", ".band: error bars end where a band does") }
      return .none
    }
    let centre = band == .std ? Claim.Statistic.mean : .median
    if !hasBand {
      report("band", ".band: \(kind == .points ? "points have" : "\(kind.noun) has") no band")
    } else if let statistic, statistic != centre {
      report(
        "band", ".band: \(text) goes around the \(centre.rawValue), not \(statistic.rawValue)")
    }
    return band
  }

  /// Reports a logarithmic axis over swept values that have no logarithm.
  private mutating func checkLogarithm(_ abscissa: Figure.Abscissa) {
    guard case .swept(let path) = abscissa else { return }
    let values = context.axes.lazy.compactMap { $0.values(of: path) }.first ?? []
    if let bad = values.first(where: { !($0.double ?? 0 > 0) }) {
      report("x-scale", ".x-scale: \(bad.label) has no logarithm")
    }
  }
}
