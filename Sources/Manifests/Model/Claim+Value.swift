import Canonical

extension Claim {
  /// The claim as plain data, defaults written out: what a stage's key holds of it.
  package var value: Value {
    var entries: [String: Value] = [
      "says": .string(says), "metric": .string(metric), "at": time.value,
      "statistic": .string(statistic.rawValue), "threshold": threshold.value,
      "where": .map(Dictionary(uniqueKeysWithValues: cells.map { ($0.path, $0.value) })),
    ]
    if let minimumCount { entries["min-count"] = .integer(minimumCount) }
    return .map(entries)
  }

  /// Reads ``value`` back; nil where `value` is no claim.
  package init?(_ value: Value) {
    guard let says = value["says"]?.string, let metric = value["metric"]?.string,
      let time = value["at"].flatMap(Time.init),
      let statistic = value["statistic"]?.string.flatMap(Statistic.init),
      let threshold = value["threshold"].flatMap(Threshold.init)
    else { return nil }
    self.init(
      says: says, metric: metric, time: time, statistic: statistic, threshold: threshold,
      cells: Condition.list(value["where"]), minimumCount: value["min-count"]?.integer)
  }
}

extension Claim.Time {
  /// `final`, an iteration, or `{from, to}`: as in a manifest.
  package var value: Value {
    switch self {
    case .final: "final"
    case .iteration(let iteration): .integer(iteration)
    case .window(let from, let to):
      .map(["from": .integer(from)].merging(to.map { ["to": .integer($0)] } ?? [:]) { $1 })
    }
  }

  init?(_ value: Value) {
    switch value {
    case "final": self = .final
    case .integer(let iteration): self = .iteration(iteration)
    default:
      guard let from = value["from"]?.integer else { return nil }
      self = .window(from: from, to: value["to"]?.integer)
    }
  }
}

extension Claim.Threshold {
  /// `{at-least: 0.98}` and so on: as in a manifest.
  package var value: Value {
    switch self {
    case .atLeast(let bound): ["at-least": .number(bound)]
    case .atMost(let bound): ["at-most": .number(bound)]
    case .between(let lower, let upper): ["between": [.number(lower), .number(upper)]]
    case .equals(let value): ["equals": .number(value)]
    }
  }

  init?(_ value: Value) {
    if let bound = value["at-least"]?.double {
      self = .atLeast(bound)
    } else if let bound = value["at-most"]?.double {
      self = .atMost(bound)
    } else if let ends = value["between"]?.list?.compactMap(\.double), ends.count == 2 {
      self = .between(ends[0], ends[1])
    } else if let value = value["equals"]?.double {
      self = .equals(value)
    } else {
      return nil
    }
  }
}

extension Condition {
  /// The conditions of a map from swept paths to values, by path.
  static func list(_ value: Value?) -> [Condition] {
    (value?.map ?? [:]).sorted { $0.key < $1.key }.map { Condition(path: $0.key, value: $0.value) }
  }
}
