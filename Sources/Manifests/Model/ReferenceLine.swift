import Canonical

/// A line that a figure draws beside its data: a threshold, or a curve of the theory.
package struct ReferenceLine: Hashable, Sendable {
  package enum Form: Hashable, Sendable {
    /// y = the number.
    case horizontal(Double)
    /// x = the number.
    case vertical(Double)
    /// A law of x, through a point.
    case curve(Law, x: Double, y: Double)
  }

  /// What y is proportional to.
  package enum Law: Hashable, Sendable {
    /// x^p: straight on two logarithmic axes.
    case power(Double)
    /// (ln x)^p, where x > 1.
    case logPower(Double)
    /// e^(r x): straight on a logarithmic y axis.
    case exponential(Double)

    /// What it is called, with its number.
    var entry: (key: String, number: Double) {
      switch self {
      case .power(let exponent): ("power", exponent)
      case .logPower(let exponent): ("log-power", exponent)
      case .exponential(let rate): ("exponential", rate)
      }
    }

    /// The law that an entry of `lines:` names; nil if none.
    init?(_ entry: Value) {
      if let exponent = entry["power"]?.double {
        self = .power(exponent)
      } else if let exponent = entry["log-power"]?.double {
        self = .logPower(exponent)
      } else if let rate = entry["exponential"]?.double {
        self = .exponential(rate)
      } else {
        return nil
      }
    }
  }

  package let form: Form
  /// The text beside it; none if empty.
  package let label: String

  package init(_ form: Form, label: String) { (self.form, self.label) = (form, label) }

  /// What an entry of `lines:` may be.
  static let shape = Shape.record(
    [
      .init("y", .number(.any), "A horizontal line at this value."),
      .init("x", .number(.any), "A vertical line at this value."),
      .init("power", .number(.any), "A power of x with this exponent; needs through."),
      .init("log-power", .number(.any), "A power of ln x with this exponent; needs through."),
      .init("exponential", .number(.any), "An exponential of x with this rate; needs through."),
      .init("claim", .string(.text), "The threshold of the claim that says this."),
      .init("through", .list(.number(.positive), count: 2...2), "A point [x, y] of the curve."),
      .init("label", .string(.text), "The text beside the line."),
    ], exactlyOne: ["y", "x", "power", "log-power", "exponential", "claim"])

  /// The line as a manifest would write it.
  package var value: Value {
    var entries: [String: Value]
    switch form {
    case .horizontal(let y): entries = ["y": .number(y)]
    case .vertical(let x): entries = ["x": .number(x)]
    case .curve(let law, let x, let y):
      let (key, number) = law.entry
      entries = [key: .number(number), "through": [.number(x), .number(y)]]
    }
    if !label.isEmpty { entries["label"] = .string(label) }
    return .map(entries)
  }

  /// Reads ``value`` back; nil where it is no line, or one that names a claim.
  package init?(_ value: Value) {
    label = value["label"]?.string ?? ""
    if let y = value["y"]?.double {
      form = .horizontal(y)
    } else if let x = value["x"]?.double {
      form = .vertical(x)
    } else if let law = Law(value),
      let point = value["through"]?.list?.compactMap(\.double), point.count == 2
    {
      form = .curve(law, x: point[0], y: point[1])
    } else {
      return nil
    }
  }
}

extension Claim.Threshold {
  /// The numbers that a value must be beyond or between, and how a legend says it.
  var bounds: [(number: Double, text: String)] {
    func text(_ sign: String, _ number: Double) -> String {
      "\(sign) \(Decimal.text(number) ?? "")"
    }
    return switch self {
    case .atLeast(let bound): [(bound, text("≥", bound))]
    case .atMost(let bound): [(bound, text("≤", bound))]
    case .equals(let number): [(number, text("=", number))]
    case .between(let lower, let upper): [(lower, text("≥", lower)), (upper, text("≤", upper))]
    }
  }
}
