import Canonical

extension Claim {
  /// Reads ``value`` back, as a stage's parameters hold it; nil where it is no claim.
  package init?(_ value: Value) {
    guard let says = value["says"]?.string, let metric = value["metric"]?.string,
      let time = value["at"].flatMap(Time.init),
      let statistic = value["statistic"]?.string.flatMap(Statistic.init),
      let threshold = Threshold(in: value)
    else { return nil }
    self.init(
      says: says, metric: metric, time: time, statistic: statistic, threshold: threshold,
      cells: [Condition](value["where"]), minimumCount: value["min-count"]?.integer)
  }
}

extension Claim.Time {
  fileprivate init?(_ value: Value) {
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
  fileprivate init?(in claim: Value) {
    if let bound = claim["at-least"]?.double {
      self = .atLeast(bound)
    } else if let bound = claim["at-most"]?.double {
      self = .atMost(bound)
    } else if let ends = claim["between"]?.list?.compactMap(\.double), ends.count == 2 {
      self = .between(ends[0], ends[1])
    } else if let expected = claim["equals"]?.double {
      self = .equals(expected)
    } else {
      return nil
    }
  }
}

extension [Condition] {
  /// The conditions of a map from swept paths to values, by path; none where there is no map.
  init(_ value: Value?) {
    self = (value?.map ?? [:]).sorted { $0.key < $1.key }.map {
      Condition(path: $0.key, value: $0.value)
    }
  }
}
