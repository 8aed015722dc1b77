import Canonical

extension Claim {
  /// The claim as a manifest would write it in full.
  package var value: Value {
    var entries: [String: Value] = [
      "says": .string(says), "metric": .string(metric), "at": time.value,
      "statistic": .string(statistic.rawValue), threshold.name: threshold.value,
    ]
    if !cells.isEmpty { entries["where"] = cells.value }
    entries["min-count"] = minimumCount.map(Value.integer)
    return .map(entries)
  }
}

extension Claim.Time {
  /// What `at:` says.
  package var value: Value {
    switch self {
    case .final: "final"
    case .iteration(let iteration): .integer(iteration)
    case .window(let from, let to):
      ["from": .integer(from), "to": to.map(Value.integer) ?? "final"]
    }
  }
}

extension Claim.Threshold {
  /// The key of the threshold.
  package var name: String {
    switch self {
    case .atLeast: "at-least"
    case .atMost: "at-most"
    case .between: "between"
    case .equals: "equals"
    }
  }

  /// What stands under the key.
  package var value: Value {
    switch self {
    case .atLeast(let number), .atMost(let number), .equals(let number): .number(number)
    case .between(let lower, let upper): .list([.number(lower), .number(upper)])
    }
  }
}
