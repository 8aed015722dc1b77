import Canonical

extension Figure {
  /// The figure as a manifest would write it in full, and the bounds of its metrics.
  package var value: Value {
    var entries: [String: Value] = ["name": .string(name), "kind": .string(kind.rawValue)]
    if kind != .graph { entries.merge(axes) { $1 } }
    if !cells.isEmpty { entries["where"] = cells.value }
    entries["panels"] = panels.map(Value.string)
    entries["bins"] = bins.map(Value.integer)
    entries["seed"] = seed.map(Value.integer)
    if let places {
      entries["at"] = .map(
        Dictionary(
          uniqueKeysWithValues: places.map { ($0.index, $0.place.map(Value.integer) ?? "final") }))
    }
    if !lines.isEmpty { entries["lines"] = .list(lines.map(\.value)) }
    if !legend.isEmpty { entries["legend"] = .map(legend.mapValues(Value.string)) }
    if !bounds.isEmpty { entries["bounds"] = .map(bounds.mapValues(\.value)) }
    if kind == .heatmap {
      entries["colour"] = .string(metrics[0])
      entries["colour-scale"] = .string(colourScale.rawValue)
      entries["colour-title"] = colourTitle.map(Value.string)
    }
    entries["statistic"] = statistic.map { .string($0.rawValue) }
    entries["title"] = title.map(Value.string)
    entries["x-title"] = horizontalTitle.map(Value.string)
    entries["y-title"] = verticalTitle.map(Value.string)
    return .map(entries)
  }

  private var axes: [String: Value] {
    var entries: [String: Value] = [
      "x": .string(abscissa.name),
      "by": .list(by.map(Value.string)),
      "band": .string(band.rawValue), "x-scale": .string(horizontalScale.rawValue),
      "y-scale": .string(verticalScale.rawValue),
    ]
    if kind != .histogram {
      entries["y"] = ordinate.map(Value.string) ?? .list(metrics.map(Value.string))
    }
    return entries
  }
}

extension Figure.Abscissa {
  /// What `x:` says.
  package var name: String {
    switch self {
    case .iteration: "iteration"
    case .swept(let name), .metric(let name), .index(let name): name
    }
  }
}

extension Bounds {
  /// The ends, null where there is none; whether they are included is not told.
  var value: Value { [Bounds.value(lower), Bounds.value(upper)] }

  private static func value(_ end: End) -> Value {
    switch end {
    case .open: .null
    case .including(let number), .excluding(let number): .number(number)
    }
  }

  /// Reads ``value`` back.
  init(_ value: Value) {
    let ends = (value.list ?? []).map { $0.double.map(End.including) ?? .open }
    self.init(lower: ends.first ?? .open, upper: ends.last ?? .open)
  }

  /// The number of the interval that is nearest to one.
  package func clipped(_ number: Double) -> Double {
    var number = number
    if case .including(let end) = lower { number = max(number, end) }
    if case .including(let end) = upper { number = min(number, end) }
    return number
  }
}

extension [Condition] {
  /// What `where:` says.
  package var value: Value { .map(Dictionary(map { ($0.path, $0.value) }) { $1 }) }
}
