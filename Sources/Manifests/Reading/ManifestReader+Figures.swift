import Canonical

extension ManifestReader {
  /// - Parameter claims: those that reference lines may name.
  mutating func readFigures(in context: AnalysisContext, _ claims: [Claim]) -> [Figure] {
    var names: Set<String> = []
    let entries = readList("figures", Figure.shape(for: context.family))
    return entries.compactMap { name, node, value in
      let before = checker.diagnostics.count
      let (set, isSound) = readCells(of: node, name, in: context)
      var reader = FigureReader(
        name: name, node: node, value: value, context: context,
        fixed: isSound ? set?.conditions ?? [] : nil, claims: claims)
      let figure = reader.read()
      for fault in reader.faults { checker.report(fault.place, fault.message) }
      if let text = value["name"]?.string, !names.insert(text).inserted {
        checker.report(node["name"]?.place ?? node.place, "a figure '\(text)' stands above")
      }
      return checker.diagnostics.count == before ? figure : nil
    }
  }
}
