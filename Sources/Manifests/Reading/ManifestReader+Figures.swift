import Canonical

extension ManifestReader {
  mutating func readFigures(in context: AnalysisContext) -> [Figure] {
    var names: Set<String> = []
    let entries = readList("figures", Figure.shape(for: context.family))
    return entries.compactMap { name, node, value in
      let figure = readFigure(name, node, value, in: context)
      if let text = value["name"]?.string, !names.insert(text).inserted {
        checker.report(node["name"]?.place ?? node.place, "a figure '\(text)' stands above")
      }
      return figure
    }
  }

  private mutating func readFigure(
    _ name: String, _ node: Node, _ value: Value, in context: AnalysisContext
  ) -> Figure? {
    let before = checker.diagnostics.count
    let (set, isSound) = readCells(of: node, name, in: context)
    let abscissa = readAbscissa(name, node, value, in: context)
    let kind = readKind(name, node, value, abscissa)
    let ordinate = readOrdinate(name, node, value, kind, abscissa, in: context)
    let statistic = readStatistic(name, node, value, kind)
    let band = readBand(name, node, value, kind, statistic)
    var axes = [ordinate].compactMap(\.self)
    if case .swept(let path) = abscissa { axes.append(path) }
    let fixed = isSound ? set?.conditions ?? [] : nil
    let by = readBy(name, node, value, kind, axes, fixed, in: context)
    let figure = Figure(
      name: value["name"]?.string ?? "", kind: kind,
      metrics: ManifestReader.names(value[kind == .heatmap ? "colour" : "y"]),
      abscissa: abscissa, ordinate: ordinate, statistic: statistic, by: by,
      cells: set?.conditions ?? [], band: band,
      horizontalScale: ManifestReader.scale(value["x-scale"]),
      verticalScale: ManifestReader.scale(value["y-scale"]),
      colourScale: ManifestReader.scale(value["colour-scale"]), title: value["title"]?.string,
      horizontalTitle: value["x-title"]?.string, verticalTitle: value["y-title"]?.string,
      colourTitle: value["colour-title"]?.string)
    if figure.horizontalScale == .log { checkLogarithm(name, node, abscissa, in: context) }
    return checker.diagnostics.count == before ? figure : nil
  }

  /// One name or a list of them, as a list.
  private static func names(_ value: Value?) -> [String] {
    value?.list?.compactMap(\.string) ?? value?.string.map { [$0] } ?? []
  }

  private static func scale(_ value: Value?) -> Figure.Scale {
    value?.string.flatMap(Figure.Scale.init) ?? .linear
  }

  private mutating func readAbscissa(
    _ name: String, _ node: Node, _ value: Value, in context: AnalysisContext
  ) -> Figure.Abscissa {
    guard let text = value["x"]?.string, text != "iteration" else { return .iteration }
    guard context.family.field(text) != nil else { return .metric(text) }
    if !context.sweptPaths.contains(text), !context.broken.contains(text) {
      checker.report(node["x"]?.place ?? node.place, "\(name).x: \(text) is not swept")
    }
    return .swept(text)
  }

  private mutating func readKind(
    _ name: String, _ node: Node, _ value: Value, _ abscissa: Figure.Abscissa
  ) -> Figure.Kind {
    let isScatter = if case .metric = abscissa { true } else { false }
    guard let text = value["kind"]?.string, let kind = Figure.Kind(rawValue: text) else {
      return isScatter ? .points : .line
    }
    if kind != .heatmap, isScatter != (kind == .points) {
      let place = node["kind"]?.place ?? node.place
      checker.report(place, "\(name).kind must be points where x is a metric, and line elsewhere")
    }
    return kind
  }

  /// The statistic that is named; single points have none.
  private mutating func readStatistic(
    _ name: String, _ node: Node, _ value: Value, _ kind: Figure.Kind
  ) -> Claim.Statistic? {
    guard let statistic = value["statistic"]?.string.flatMap(Claim.Statistic.init) else {
      return nil
    }
    if kind == .points {
      checker.report(
        node["statistic"]?.place ?? node.place, "\(name).statistic: points have no statistic")
    }
    return statistic
  }

  private mutating func readBand(
    _ name: String, _ node: Node, _ value: Value, _ kind: Figure.Kind,
    _ statistic: Claim.Statistic?
  ) -> Figure.Band {
    guard let text = value["band"]?.string, let band = Figure.Band(rawValue: text) else {
      return kind == .line && statistic ?? .mean == .mean ? .std : .none
    }
    guard band != .none else { return .none }
    let place = node["band"]?.place ?? node.place
    let centre = band == .std ? Claim.Statistic.mean : .median
    if kind != .line {
      let noun = kind == .points ? "points have" : "a heat map has"
      checker.report(place, "\(name).band: \(noun) no band")
    } else if let statistic, statistic != centre {
      checker.report(
        place, "\(name).band: \(text) goes around the \(centre.rawValue), not \(statistic.rawValue)"
      )
    }
    return band
  }

  /// The paths that tell lines apart: as given, where they leave nothing to be averaged over.
  private mutating func readBy(
    _ name: String, _ node: Node, _ value: Value, _ kind: Figure.Kind, _ axes: [String],
    _ fixed: [Condition]?, in context: AnalysisContext
  ) -> [String] {
    guard let fixed else { return [] }
    let settled = (fixed.map(\.path) + axes).flatMap { context.companions(of: $0) }
    let open = context.sweptPaths.filter { !settled.contains($0) }
    if kind == .heatmap {
      checkHeatMap(name, node, open: open)
      return []
    }
    guard let given = value["by"] else { return open }
    let place = node["by"]?.place ?? node.place
    var by: [String] = []
    for path in ManifestReader.names(given) where !context.broken.contains(path) {
      if by.contains(path) {
        checker.report(place, "\(name).by names \(path) twice")
      } else if !context.sweptPaths.contains(path) {
        checker.report(place, "\(name).by: \(path) is not swept")
      } else if axes.contains(path) || fixed.contains(where: { $0.path == path }) {
        checker.report(place, "\(name).by: \(path) is already under x or where")
      }
      by.append(path)
    }
    let told = by.flatMap { context.companions(of: $0) }
    for path in open where !told.contains(path) && !context.broken.contains(path) {
      checker.report(place, "\(name) would average over \(path); name it under by or where")
    }
    return by
  }

  /// Reports a logarithmic axis over swept values that have no logarithm.
  private mutating func checkLogarithm(
    _ name: String, _ node: Node, _ abscissa: Figure.Abscissa, in context: AnalysisContext
  ) {
    guard case .swept(let path) = abscissa else { return }
    let values = context.axes.lazy.compactMap { $0.values(of: path) }.first ?? []
    if let bad = values.first(where: { !($0.double ?? 0 > 0) }) {
      checker.report(
        node["x-scale"]?.place ?? node.place, "\(name).x-scale: \(bad.label) has no logarithm")
    }
  }
}
