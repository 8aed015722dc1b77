import Canonical

/// What only heat maps have, and what they have not.
extension ManifestReader {
  /// The swept path on the vertical axis of a heat map; nil for other figures, whose `y` is metrics.
  mutating func readOrdinate(
    _ name: String, _ node: Node, _ value: Value, _ kind: Figure.Kind,
    _ abscissa: Figure.Abscissa, in context: AnalysisContext
  ) -> String? {
    let text = value["y"]?.string
    let path = text.flatMap { context.family.field($0) == nil ? nil : $0 }
    guard kind == .heatmap else {
      if let path {
        report(node, "y", "\(name).y: \(path) is no metric; only a heat map has a path there")
      }
      for key in ["colour", "colour-scale", "colour-title"] where value[key] != nil {
        report(node, key, "\(name).\(key): only a heat map has colours")
      }
      return nil
    }
    checkAxes(name, node, path, abscissa, in: context)
    return path
  }

  private mutating func checkAxes(
    _ name: String, _ node: Node, _ path: String?, _ abscissa: Figure.Abscissa,
    in context: AnalysisContext
  ) {
    if case .swept(let other) = abscissa {
      if other == path { report(node, "y", "\(name): \(other) is on both axes") }
    } else {
      report(node, "x", "\(name).x must be a swept path in a heat map")
    }
    guard let path else { return report(node, "y", "\(name).y must be a swept path in a heat map") }
    if !context.sweptPaths.contains(path), !context.broken.contains(path) {
      report(node, "y", "\(name).y: \(path) is not swept")
    }
  }

  /// - Parameter open: the swept paths that are neither on an axis nor fixed.
  mutating func checkHeatMap(_ name: String, _ node: Node, open: [String]) {
    if node["colour"] == nil { report(node, "kind", "\(name) needs the key 'colour'") }
    if node["by"] != nil { report(node, "by", "\(name).by: a heat map has no lines") }
    for key in ["x-scale", "y-scale"] where node[key] != nil {
      report(node, key, "\(name).\(key): the axes of a heat map have no scale")
    }
    for path in open {
      report(node, "kind", "\(name) would average over \(path); name it under where")
    }
  }

  /// Reports at the value of `key`, or at the whole where there is none.
  private mutating func report(_ node: Node, _ key: String, _ message: String) {
    checker.report(node[key]?.place ?? node.place, message)
  }
}
