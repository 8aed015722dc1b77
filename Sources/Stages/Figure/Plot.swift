import Canonical
import Manifests

/// The layers of one figure that has an x and a y of numbers.
struct Plot {
  let figure: Figure
  let data: FigureData
  private let references: ReferenceLayers?
  /// Of the plot, or of one panel, in points.
  let width: Int
  let height: Int

  init(figure: Figure, data: FigureData) {
    (self.figure, self.data) = (figure, data)
    let isPaired = figure.panels != nil && VegaLite.columns(data.labels(of: "panel")) == 2
    width = isPaired ? 112 : 260
    height = figure.panels == nil ? 160 : isPaired ? 90 : 80
    references = ReferenceLayers(figure, data, width: width, height: height)
  }

  /// The band below the line; points on the line where x is a swept parameter; reference lines above
  /// all.
  var layers: [Value] {
    let layers: [Value] =
      switch figure.kind {
      case .line: lines
      case .points: [point(12)]
      case .errorbars: bars
      case .histogram:
        [
          layer(
            ["type": "area", "opacity": 0.2, "interpolate": "step-after"], y: "y",
            stacked: false),
          layer(["type": "line", "strokeWidth": 1.2, "interpolate": "step-after"], y: "y"),
        ]
      case .heatmap, .graph: []
      }
    return layers + (references?.layers { $0 == "x" ? x : y($0) } ?? [])
  }

  private var lines: [Value] {
    var layers: [Value] = []
    if figure.band != .none {
      layers.append(layer(["type": "area", "opacity": 0.2], y: "low", "high"))
    }
    layers.append(layer(["type": "line", "strokeWidth": 1.5], y: "y"))
    if case .swept = figure.abscissa { layers.append(point(24)) }
    return layers
  }

  /// Bars from one end of the band to the other, with caps; those of several groups side by side.
  private var bars: [Value] {
    let groups: [Value?] = data.hasGroups ? data.labels(of: "group") : [nil]
    return groups.enumerated().flatMap { number, group -> [Value] in
      let offset = 6 * (Double(number) - Double(groups.count - 1) / 2)
      func shifted(_ mark: [String: Value], _ y: String, _ y2: String? = nil) -> Value {
        var mark = mark.merging(["xOffset": .number(offset)]) { $1 }
        if group == nil { mark["color"] = GroupStyle.colourOfNoGroup }
        var layer = layer(.map(mark), y: y, y2).map!
        if let group {
          layer["transform"] = [["filter": ["field": "group", "equal": group]]]
        }
        return .map(layer)
      }
      let cap: [String: Value] = [
        "type": "tick", "orient": "horizontal", "size": 5, "thickness": 1.2,
      ]
      return [
        shifted(["type": "rule", "strokeWidth": 1.2], "low", "high"), shifted(cap, "low"),
        shifted(cap, "high"),
        shifted(["type": "point", "filled": true, "opacity": 1, "size": 24], "y"),
      ]
    }
  }

  private func point(_ size: Int) -> Value {
    // A description for each of many points would make the drawing several times as large.
    var mark: [String: Value] = [
      "type": "point", "filled": true, "opacity": 1, "size": .integer(size),
    ]
    if figure.kind == .points { mark["aria"] = false }
    return layer(.map(mark), y: "y")
  }

  private func layer(
    _ mark: Value, y: String, _ y2: String? = nil, stacked: Bool = true
  ) -> Value {
    var encoding = ["x": x, "y": self.y(y)]
    if !stacked { encoding["y"] = .map(encoding["y"]!.map!.merging(["stack": false]) { $1 }) }
    if let y2 { encoding["y2"] = ["field": .string(y2)] }
    if data.hasGroups { encoding.merge(groups(mark["type"]!)) { $1 } }
    return ["mark": mark, "encoding": .map(encoding)]
  }

  /// What tells groups apart: lines by stroke and dashes, which the legend shows; areas by the same
  /// colours, without a legend of their own; points and their bars by one colour, whose legend all
  /// panels share.
  private func groups(_ mark: Value) -> [String: Value] {
    let names = figure.by.map { String($0.split(separator: ".").last!) }
    var group: [String: Value] = [
      "field": "group", "type": "nominal", "sort": .null,
      "title": names.isEmpty ? .null : .string(names.joined(separator: ", ")),
    ]
    let labels = data.labels(of: "group")
    let isMany = labels.count > GroupStyle.limit
    let layout = GroupStyle.legend(of: labels.compactMap(\.string), width: width)
    if mark == "line" {
      group["legend"] = layout.isEmpty ? nil : .map(layout)
      var dashes = group
      if isMany { dashes["scale"] = ["range": GroupStyle.dashes] }
      return ["stroke": .map(group), "strokeDash": .map(dashes)]
    }
    guard figure.kind == .errorbars || figure.kind == .points else {
      group["legend"] = .null
      return ["fill": .map(group)]
    }
    var legend: [String: Value] = [
      "symbolSize": 50, "symbolStrokeWidth": 0, "symbolOpacity": 1,
      "columns": .integer(labels.allSatisfy { $0.string!.utf8.count <= 6 } ? 6 : 3),
    ]
    if !isMany { legend["symbolType"] = "circle" }
    group["legend"] = .map(legend.merging(layout) { $1 })
    // A layer that holds only one of the groups colours it as all do.
    group["scale"] = ["domain": .list(labels)]
    guard isMany, mark == "point" else { return ["color": .map(group)] }
    var shapes = group
    shapes["scale"] = ["domain": .list(labels), "range": GroupStyle.shapes]
    return ["color": .map(group), "shape": .map(shapes)]
  }

  private var x: Value {
    var axis: [String: Value] = [:]
    let title: String
    switch figure.abscissa {
    case .iteration: title = "iteration"
    case .swept(let path):
      title = path
      axis = [
        "values": .list(data.positions), "labelOverlap": "greedy",
        // On a logarithmic axis even given ticks are thinned out to this number.
        "tickCount": .integer(data.positions.count),
      ]
      if data.categories.isEmpty {
        // As an axis' format it would show no more digits than tell even ticks apart.
        axis["labelExpr"] = "format(datum.value, '.6~g')"
      } else {
        let names = data.categories.map(\.words)
        axis["labelExpr"] = .string("\(Value.list(names.map(Value.string)).json())[datum.value]")
        // Words that would touch each other are set at a slope.
        if names.reduce(0, { $0 + 5 * $1.count + 12 }) > width { axis["labelAngle"] = -40 }
      }
    case .metric(let name): title = figure.words(for: name)
    case .index(let name): title = name
    }
    return channel("x", figure.horizontalTitle ?? title, figure.horizontalScale, axis)
  }

  private func y(_ field: String) -> Value {
    guard figure.kind != .histogram else {
      return channel(field, figure.verticalTitle ?? "runs", figure.verticalScale, [:], zero: true)
    }
    let title =
      figure.verticalTitle ?? figure.metrics.map(figure.words).joined(separator: ", ")
    return channel(field, title, figure.verticalScale, [:])
  }

  private func channel(
    _ field: String, _ title: String, _ scale: Figure.Scale, _ axis: [String: Value],
    zero: Bool = false
  ) -> Value {
    var entries: [String: Value] =
      scale == .log ? ["type": "log", "nice": false] : ["zero": .bool(zero)]
    if field == "x", data.sidePadding > 0 { entries["padding"] = .integer(data.sidePadding) }
    if let axis = field == "x" ? references?.x : references?.y {
      entries["domain"] = [.number(axis.least), .number(axis.most)]
      entries["nice"] = false
      entries["padding"] = nil
    }
    var axis = axis
    if figure.panels != nil, axis["tickCount"] == nil { axis["tickCount"] = 3 }
    return [
      "field": .string(field), "type": "quantitative", "title": .string(title),
      "axis": .map(axis), "scale": .map(entries),
    ]
  }
}
