import Canonical
import Manifests
import Theory

/// The layers of a figure's lines for comparison: dashed and grey, from one end of the plot to the
/// other, each with its label where there is room, on ground of the background's colour.
struct ReferenceLayers {
  /// The axes, whose ends are known where there are lines: they show the data, and every number and
  /// point that a line goes through.
  let x: PlotAxis
  let y: PlotAxis
  private let lines: [ReferenceLine]
  private let data: FigureData

  /// - Returns: nil where there are no lines, or nothing to compare them with.
  init?(_ figure: Figure, _ data: FigureData, width: Int, height: Int) {
    func numbers(_ keys: [String]) -> [Double] {
      data.rows.flatMap { row in keys.compactMap { row[$0]?.double } }
    }
    var (xs, ys) = (numbers(["x"]), numbers(["low", "y", "high"]))
    var (across, up): ([Double], [Double]) = ([], [])
    guard !figure.lines.isEmpty, !xs.isEmpty else { return nil }
    for line in figure.lines {
      switch line.form {
      case .horizontal(let number): up.append(number)
      case .vertical(let number): across.append(number)
      case .curve(_, let x, let y):
        xs.append(x)
        ys.append(y)
      }
    }
    if figure.kind == .histogram { ys.append(0) }
    guard
      let x = PlotAxis(
        xs, lines: across, figure.horizontalScale, length: width, padding: data.sidePadding),
      let y = PlotAxis(ys, lines: up, figure.verticalScale, length: height)
    else { return nil }
    (self.x, self.y, self.data) = (x, y, data)
    lines = figure.lines
  }

  /// - Parameter axis: the encoding of an axis for a field of that name.
  func layers(_ axis: (String) -> Value) -> [Value] {
    let drawn = lines.map { (line: $0, layer: layer($0.form, axis)) }
    return drawn.compactMap(\.layer) + labels(drawn.filter { $0.layer != nil }.map(\.line))
  }

  private func layer(_ form: ReferenceLine.Form, _ axis: (String) -> Value) -> Value? {
    func layer(_ type: Value, _ rows: [Value], _ fields: [String]) -> Value {
      let mark: Value = [
        "type": type, "color": "#555555", "strokeDash": [4, 3], "strokeWidth": 1, "clip": true,
      ]
      let encoding = Dictionary(uniqueKeysWithValues: fields.map { ($0, axis($0)) })
      return ["data": ["values": .list(rows)], "mark": mark, "encoding": .map(encoding)]
    }
    switch form {
    case .horizontal(let number):
      return y.position(number) == nil ? nil : layer("rule", [["y": .number(number)]], ["y"])
    case .vertical(let number):
      return x.position(number) == nil ? nil : layer("rule", [["x": .number(number)]], ["x"])
    case .curve:
      let rows = curve(form).map { ["x": .number($0.x), "y": .number($0.y)] as Value }
      return rows.isEmpty ? nil : layer("line", rows, ["x", "y"])
    }
  }

  /// The points of a curve from one end of the x axis to the other, its own among them; of those
  /// beyond the ends of the y axis only the next ones, to which the line goes on.
  func curve(_ form: ReferenceLine.Form) -> [(x: Double, y: Double)] {
    guard case .curve(let law, let x0, let y0) = form else { return [] }
    let points = (x.divisions(60) + [x0]).sorted().compactMap { x -> (x: Double, y: Double)? in
      law.ratio(x, x0).map { (x, y0 * $0) }
    }.filter { PlotAxis.shows($0.y, y.scale) }
    func isSeen(_ place: Int) -> Bool {
      points.indices.contains(place) && y.least <= points[place].y && points[place].y <= y.most
    }
    return points.indices.filter { isSeen($0 - 1) || isSeen($0) || isSeen($0 + 1) }
      .map { points[$0] }
  }
}

/// The labels.
extension ReferenceLayers {
  private func labels(_ lines: [ReferenceLine]) -> [Value] {
    var places = LabelPlaces(
      width: x.length, height: y.length, avoiding: shape + lines.flatMap { traces($0.form) })
    return lines.filter { !$0.label.isEmpty }.flatMap { line -> [Value] in
      let candidates: [LabelPlaces.Box] =
        switch line.form {
        case .horizontal(let number):
          places.places(ofHorizontal: y.length - y.position(number)!, line.label)
        case .vertical(let number): places.places(ofVertical: x.position(number)!, line.label)
        case .curve: places.places(along: traces(line.form), line.label)
        }
      return places.take(candidates).map { text(line.label, $0) } ?? []
    }
  }

  private func text(_ label: String, _ box: LabelPlaces.Box) -> [Value] {
    func layer(_ colours: [String: Value]) -> Value {
      let mark: [String: Value] = [
        "type": "text", "align": "left", "baseline": "middle", "fontSize": 8, "aria": false,
      ]
      return [
        "data": ["values": [[:]]], "mark": .map(mark.merging(colours) { $1 }),
        "encoding": [
          "x": ["value": .number(box.x.rounded())], "y": ["value": .number(box.y.rounded())],
          "text": ["value": .string(label)],
        ],
      ]
    }
    return [
      layer(["color": "white", "stroke": "white", "strokeWidth": 3, "strokeJoin": "round"]),
      layer(["color": "#444444"]),
    ]
  }

  private func point(_ x: Double, _ y: Double) -> LabelPlaces.Point? {
    guard let across = self.x.position(x), let up = self.y.position(y),
      0...self.x.length ~= across, 0...self.y.length ~= up
    else { return nil }
    return .init(x: across, y: self.y.length - up)
  }

  /// Points along what the data look like: the rows, and steps between those of one line.
  private var shape: [LabelPlaces.Point] {
    var points: [LabelPlaces.Point] = []
    var last: (row: Value, point: LabelPlaces.Point)?
    for row in data.rows {
      guard let here = row["x"]?.double.flatMap({ x in row["y"]?.double.flatMap { point(x, $0) } })
      else { continue }
      points.append(here)
      if data.figure.kind == .line, let last, last.row["group"] == row["group"],
        last.row["panel"] == row["panel"]
      {
        let (width, height) = (here.x - last.point.x, here.y - last.point.y)
        let parts = Int(max(abs(width), abs(height)) / 3) + 1
        for part in 1..<parts {
          let share = Double(part) / Double(parts)
          points.append(
            .init(
              x: last.point.x + width * share, y: last.point.y + height * share))
        }
      }
      last = (row, here)
    }
    return points
  }

  /// Points along a line.
  private func traces(_ form: ReferenceLine.Form) -> [LabelPlaces.Point] {
    switch form {
    case .horizontal(let number): x.divisions(60).compactMap { point($0, number) }
    case .vertical(let number): y.divisions(60).compactMap { point(number, $0) }
    case .curve: curve(form).compactMap { point($0.x, $0.y) }
    }
  }
}

extension ReferenceLine.Law {
  /// y at `x` over y at `x0`; nil where the law says nothing of x.
  fileprivate func ratio(_ x: Double, _ x0: Double) -> Double? {
    switch self {
    case .power(let exponent):
      x > 0 ? Kernels.exp(exponent * (Kernels.log(x) - Kernels.log(x0))) : nil
    case .logPower(let exponent):
      x > 1
        ? Kernels.exp(
          exponent * (Kernels.log(Kernels.log(x)) - Kernels.log(Kernels.log(x0)))) : nil
    case .exponential(let rate): Kernels.exp(rate * (x - x0))
    }
  }
}
