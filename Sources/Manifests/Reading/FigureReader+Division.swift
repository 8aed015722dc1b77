import Canonical

/// What is on a heat map's axes, and how cells are divided among lines and panels.
extension FigureReader {
  /// The swept path or index on the vertical axis of a heat map; nil for other figures, whose `y` is
  /// metrics.
  mutating func readOrdinate(
    _ kind: Figure.Kind, _ abscissa: Figure.Abscissa, _ indices: [String]
  ) -> String? {
    let text = value["y"]?.string
    guard kind == .heatmap else {
      if let text, context.family.field(text) != nil {
        report("y", ".y: \(text) is no metric; only a heat map has a path there")
      }
      return nil
    }
    guard indices.isEmpty else {
      let other = abscissa.name
      if text == other { report("y", ": \(other) is on both axes") }
      if !indices.contains(text ?? "") {
        report("y", ".y must be an index of the metric: \(indices.joined(separator: " or "))")
      }
      return text
    }
    let path = text.flatMap { context.family.field($0) == nil ? nil : $0 }
    if case .swept(let other) = abscissa {
      if other == path { report("y", ": \(other) is on both axes") }
    } else {
      report("x", ".x must be a swept path in a heat map")
    }
    guard let path else {
      report("y", ".y must be a swept path in a heat map")
      return nil
    }
    if !context.sweptPaths.contains(path), !context.broken.contains(path) {
      report("y", ".y: \(path) is not swept")
    }
    return path
  }

  mutating func readPanels(_ indices: [String]) -> String? {
    guard let path = value["panels"]?.string else { return nil }
    if indices.contains(path) {
      if value["x"]?.string == path || FigureReader.names(value["y"]).contains(path) {
        report("panels", ".panels: \(path) is already under x or y")
      }
    } else if !context.sweptPaths.contains(path), !context.broken.contains(path) {
      report("panels", ".panels: \(path) is not swept")
    } else if value["x"]?.string == path || FigureReader.names(value["y"]).contains(path)
      || (fixed ?? []).contains(where: { $0.path == path })
    {
      report("panels", ".panels: \(path) is already under x, y or where")
    }
    return path
  }

  /// What tells lines apart: as given, where it leaves nothing to be averaged over.
  /// - Parameter taken: the paths and indices on axes and in panels.
  mutating func readBy(
    _ kind: Figure.Kind, _ taken: [String], _ indices: [String]
  ) -> [String] {
    guard let fixed else { return [] }
    let settled = (fixed.map(\.path) + taken).flatMap { context.companions(of: $0) }
    let open = context.sweptPaths.filter { !settled.contains($0) }
    if kind == .heatmap || kind == .graph {
      let verb = kind == .graph ? "draw all of" : "average over"
      for path in open { report("kind", " would \(verb) \(path); name it under where") }
      return []
    }
    guard let given = value["by"] else { return open }
    var by: [String] = []
    for path in FigureReader.names(given) where !context.broken.contains(path) {
      if by.contains(path) {
        report("by", ".by names \(path) twice")
      } else if !context.sweptPaths.contains(path), !indices.contains(path) {
        report("by", ".by: \(path) is not swept")
      } else if taken.contains(path) || fixed.contains(where: { $0.path == path }) {
        report(
          "by",
          ".by: \(path) is already under x\(value["panels"] == nil ? "" : ", panels") or where")
      }
      by.append(path)
    }
    let told = by.flatMap { context.companions(of: $0) }
    for path in open where !told.contains(path) && !context.broken.contains(path) {
      report("by", " would average over \(path); name it under by or where")
    }
    return by
  }

  /// Reports keys that mean nothing in a figure of this kind.
  mutating func refuseStrangers(to kind: Figure.Kind) {
    for key in node.entries?.map(\.key) ?? [] where kind.strangers.contains(key) {
      switch (kind, key) {
      case (.heatmap, "by"): report(key, ".by: a heat map has no lines")
      case (.heatmap, "x-scale"), (.heatmap, "y-scale"):
        report(key, ".\(key): the axes of a heat map have no scale")
      case (_, "colour"), (_, "colour-scale"), (_, "colour-title"):
        report(key, ".\(key): only a heat map has colours")
      default: report(key, ".\(key) means nothing in \(kind.noun)")
      }
    }
  }
}

extension Figure.Kind {
  var noun: String {
    switch self {
    case .line: "a line"
    case .points: "points"
    case .errorbars: "error bars"
    case .histogram: "a histogram"
    case .heatmap: "a heat map"
    case .graph: "a graph"
    }
  }

  /// The keys that mean nothing in a figure of this kind, but those whose values tell by themselves.
  fileprivate var strangers: Set<String> {
    let colours: Set = ["colour", "colour-scale", "colour-title"]
    let axes: Set = ["x", "y", "x-scale", "y-scale", "x-title", "y-title", "by", "lines", "panels"]
    switch self {
    case .line, .errorbars: return colours.union(["bins"])
    case .points: return colours.union(["bins", "at"])
    case .histogram: return colours.union(["y", "statistic", "seed", "at", "legend"])
    case .heatmap: return ["by", "x-scale", "y-scale", "lines", "bins", "legend"]
    case .graph: return colours.union(axes).union(["statistic", "bins", "legend"])
    }
  }
}
