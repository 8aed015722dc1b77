import Canonical
import Manifests
import Theory

/// The points of a figure: a row has `x`, `y`, the ends of the band (`low`, `high`), `group`, which
/// tells one line from another, and `panel`. Where an axis is logarithmic, a row may have no `y`.
struct FigureData {
  let figure: Figure
  private(set) var rows: [Value] = []
  /// The values of a swept x that are not all numbers, in the order of the cells: x is a place among
  /// them.
  let categories: [Value]
  /// The room on either side of the outermost x, in points: for bars shifted to the sides, and words.
  var sidePadding: Int { figure.kind == .errorbars || !categories.isEmpty ? 16 : 0 }
  /// What each cell is called in the legend and above its panel.
  private var group = ""
  private var panel: String?

  /// Whether there is more than one line.
  var hasGroups: Bool {
    !figure.by.isEmpty || figure.kind != .histogram && figure.metrics.count > 1
  }

  init(_ figure: Figure, _ series: ExperimentSeries) {
    self.figure = figure
    let cells = series.cells.filter(figure.holds)
    categories = FigureData.categories(figure, cells)
    if figure.kind == .histogram { appendHistograms(cells) }
    for cell in cells where figure.kind != .histogram {
      for metric in figure.metrics {
        (group, panel) = (figure.group(metric, cell), figure.panel(of: cell))
        switch figure.abscissa {
        case .iteration: appendSeries(of: metric, cell)
        case .index(let axis): appendArray(of: metric, along: axis, cell)
        case .swept(let path):
          let value = cell.swept.first { $0.path == path }?.value
          append(value.flatMap(position), cell.finals(metric), of: metric)
        case .metric(let other):
          for (x, y) in zip(cell.finals(other), cell.finals(metric)) {
            append(x, [y], of: metric)
          }
        }
      }
    }
    if figure.verticalScale == .log { raiseBands() }
  }

  private static func categories(_ figure: Figure, _ cells: [ExperimentSeries.Cell]) -> [Value] {
    guard case .swept(let path) = figure.abscissa else { return [] }
    let values = cells.flatMap(\.swept).filter { $0.path == path }.map(\.value).distinct()
    return values.allSatisfy { $0.double != nil } ? [] : values
  }

  /// Where a value of the swept x stands.
  private func position(_ value: Value) -> Double? {
    categories.isEmpty ? value.double : categories.firstIndex(of: value).map(Double.init)
  }

  /// The distinct texts of a field, in the order of the rows.
  func labels(of field: String) -> [Value] {
    rows.compactMap { $0[field] }.distinct()
  }

  /// The distinct values of x, for the ticks of a swept parameter.
  var positions: [Value] {
    Set(rows.compactMap { $0["x"]?.double }).sorted().map(Value.number)
  }

  private mutating func appendSeries(of metric: String, _ cell: ExperimentSeries.Cell) {
    for (record, iteration) in cell.iterations.enumerated() {
      append(Double(iteration), cell.values(metric, at: record), of: metric)
    }
  }

  /// A metric that has indices along one of them, a line for each place of those under `by`.
  private mutating func appendArray(
    of metric: String, along axis: String, _ cell: ExperimentSeries.Cell
  ) {
    guard let first = cell.arrays.first else { return }
    let (label, panel) = (group, panel)
    for places in first.places(of: figure) {
      self.panel = panel ?? first.panel(at: places, of: figure)
      let names = figure.by.compactMap { index in places[index].map { first.label($0, of: index) } }
      group = ([label] + names).filter { !$0.isEmpty }.joined(separator: ", ")
      for place in 0..<first.count(of: axis) {
        let here = places.merging([axis: place]) { $1 }
        append(
          first.position(place, of: axis), cell.arrays.map { $0.value(metric, at: here) },
          of: metric)
      }
    }
  }

  /// Adds the point of the values of some seeds; none where a logarithmic axis cannot show it.
  private mutating func append(_ x: Double?, _ samples: [Double?], of metric: String) {
    let values = samples.compactMap(\.self)
    let centre = figure.statistic ?? (figure.band == .quantiles ? .median : .mean)
    guard let x, let y = centre(values), PlotAxis.shows(x, figure.horizontalScale) else { return }
    var row: [String: Value] = ["x": .number(x)]
    if PlotAxis.shows(y, figure.verticalScale) { row["y"] = .number(y) }
    if let (low, high) = band(values, y), PlotAxis.shows(high, figure.verticalScale) {
      let bounds = figure.bounds[metric] ?? .any
      row["low"] = .number(bounds.clipped(low))
      row["high"] = .number(bounds.clipped(high))
    }
    if row.count > 1 { append(row) }
  }

  /// Ends bands that a logarithmic axis cannot show to their lower ends at the least number that is
  /// shown.
  private mutating func raiseBands() {
    let shown = rows.flatMap { row in ["low", "y", "high"].compactMap { row[$0]?.double } }
    guard let floor = shown.filter({ $0 > 0 }).min() else { return }
    rows = rows.map { row in
      guard let low = row["low"]?.double, low < floor else { return row }
      return .map(row.map!.merging(["low": .number(floor)]) { $1 })
    }
  }

  private mutating func append(_ row: [String: Value]) {
    var row = row
    if hasGroups { row["group"] = .string(group) }
    if let panel { row["panel"] = .string(panel) }
    rows.append(.map(row))
  }

  private func band(_ values: [Double], _ centre: Double) -> (Double, Double)? {
    switch figure.band {
    case .none: return nil
    case .std: return Claim.Statistic.std(values).map { (centre - $0, centre + $0) }
    case .quantiles:
      guard let low = Claim.Statistic.q05(values), let high = Claim.Statistic.q95(values) else {
        return nil
      }
      return (low, high)
    }
  }

  /// The outline of how many runs of each cell lie in each interval: rows are its corners, `y`
  /// holding to the right of `x`.
  private mutating func appendHistograms(_ cells: [ExperimentSeries.Cell]) {
    let metric = figure.metrics[0]
    func values(_ cell: ExperimentSeries.Cell) -> [Double] {
      let finals = cell.finals(metric).compactMap(\.self)
      return figure.horizontalScale == .log ? finals.filter { $0 > 0 } : finals
    }
    guard
      let intervals = Intervals(
        cells.flatMap(values), count: figure.bins ?? 20, figure.horizontalScale)
    else { return }
    for cell in cells {
      (group, panel) = (figure.group(metric, cell), figure.panel(of: cell))
      let counts = intervals.counts(values(cell))
      for (edge, count) in zip(intervals.edges, counts + [0]) {
        append(["x": .number(edge), "y": .integer(count)])
      }
    }
  }
}

extension Figure {
  /// Whether a cell is one of those that are drawn.
  func holds(_ cell: ExperimentSeries.Cell) -> Bool {
    cells.allSatisfy { condition in
      cell.swept.contains { $0.path == condition.path && $0.value == condition.value }
    }
  }

  /// The text above the panel of a cell; nil where there are no panels of a swept path.
  func panel(of cell: ExperimentSeries.Cell) -> String? {
    cell.swept.first { $0.path == panels }.map { path, value in
      "\(path.split(separator: ".").last!) \(value.words)"
    }
  }

  /// The text of the legend for one line; the legend's title has the paths' names, so only numbers
  /// that stand beside others are named.
  fileprivate func group(_ metric: String, _ cell: ExperimentSeries.Cell) -> String {
    let parts = by.compactMap { path in
      cell.swept.first { $0.path == path }.map { swept in
        let isNamed = by.count > 1 && swept.value.string == nil
        let name = isNamed ? "\(path.split(separator: ".").last!) " : ""
        return name + swept.value.words
      }
    }
    return (metrics.count > 1 ? [words(for: metric)] + parts : parts).joined(separator: ", ")
  }

  /// What a metric is called where people read it.
  func words(for metric: String) -> String {
    legend[metric] ?? metric.replacing("-", with: " ")
  }
}

extension Value {
  /// The value as a figure shows it: `{blocks: {sizes: [2, 2]}}` is `blocks sizes 2, 2`.
  var words: String {
    switch self {
    case .map(let entries):
      entries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.words)" }
        .joined(separator: ", ")
    case .list(let values): values.map(\.words).joined(separator: ", ")
    default: Table.cell(self)
    }
  }
}

extension RunArrays {
  /// The places of the indices that a figure holds, for each combination of those in panels and under
  /// `by`.
  func places(of figure: Figure) -> [[String: Int]] {
    let fixed = (figure.places ?? []).map { ($0.index, place($0.place, of: $0.index)) }
    let divided = [figure.panels].compactMap(\.self) + figure.by
    return divided.filter { !$0.contains(".") }.reduce(
      [Dictionary(uniqueKeysWithValues: fixed)]
    ) { combinations, index in
      combinations.flatMap { places in
        (0..<count(of: index)).map { places.merging([index: $0]) { $1 } }
      }
    }
  }

  /// The text above the panel that shows these places; nil where there are no panels of an index.
  func panel(at places: [String: Int], of figure: Figure) -> String? {
    figure.panels.flatMap { index in places[index].map { "\(index) \(label($0, of: index))" } }
  }
}

/// Equally wide intervals, of numbers or of their logarithms, that cover some values.
struct Intervals {
  /// The ends, one more than there are intervals.
  let edges: [Double]

  /// - Returns: nil where there are no values.
  init?(_ values: [Double], count: Int, _ scale: Figure.Scale) {
    guard var least = values.min(), var most = values.max() else { return nil }
    if scale == .log { (least, most) = (Kernels.log(least), Kernels.log(most)) }
    if least == most { (least, most) = (least - 0.5, most + 0.5) }
    let edges = (0...count).map { least + (most - least) * (Double($0) / Double(count)) }
    self.edges = scale == .log ? edges.map { Kernels.exp($0) } : edges
  }

  /// How many of the values lie in each interval: from an edge up to the next, which is not in it;
  /// what rounding leaves outside counts at the nearest end.
  func counts(_ values: [Double]) -> [Int] {
    var counts = [Int](repeating: 0, count: edges.count - 1)
    for value in values {
      let above = edges.firstIndex { $0 > value } ?? edges.count
      counts[min(max(above - 1, 0), counts.count - 1)] += 1
    }
    return counts
  }
}
