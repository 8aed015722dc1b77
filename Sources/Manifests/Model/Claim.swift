import Canonical

/// Something that must hold of an experiment's results; every run judges it.
package struct Claim: Hashable, Sendable {
  /// The iterations at which a metric is looked at.
  package enum Time: Hashable, Sendable {
    case final
    case iteration(Int)
    /// From one iteration to another; to the last without `to`.
    case window(from: Int, to: Int?)
  }

  /// A number made of a metric's values over the seeds of one cell.
  package enum Statistic: String, CaseIterable, Sendable {
    case mean, std, min, max, median, q05, q95
    /// The share of the seeds whose value is not 0, as of `feasible`.
    case share
    /// The slope of the mean over a window of iterations.
    case slope

    /// Where it can lie for a metric with these bounds.
    func bounds(of metric: Bounds) -> Bounds {
      switch self {
      case .mean, .min, .max, .median, .q05, .q95: metric
      case .std: .nonnegative
      case .share: .share
      case .slope: .any
      }
    }
  }

  /// What the statistic must satisfy.
  package enum Threshold: Hashable, Sendable {
    case atLeast(Double)
    case atMost(Double)
    case between(Double, Double)
    case equals(Double)

    /// Whether `measured` satisfies it.
    package func holds(for measured: Double) -> Bool {
      switch self {
      case .atLeast(let bound): measured >= bound
      case .atMost(let bound): measured <= bound
      case .between(let lower, let upper): lower <= measured && measured <= upper
      case .equals(let value): measured == value
      }
    }

    /// Whether a number within `bounds` satisfies it; ends in the wrong order are another error.
    func canHold(in bounds: Bounds) -> Bool {
      switch self {
      case .atLeast(let bound): bounds.reaches(bound, .infinity)
      case .atMost(let bound): bounds.reaches(-.infinity, bound)
      case .between(let lower, let upper): lower > upper || bounds.reaches(lower, upper)
      case .equals(let value): bounds.contains(value)
      }
    }
  }

  /// The claim in words.
  package let says: String
  package let metric: String
  package let time: Time
  package let statistic: Statistic
  package let threshold: Threshold
  /// The cells it is about (all must satisfy it); every cell without conditions.
  package let cells: [Condition]
  /// How many values a cell needs for a judgement; all seeds if nil.
  package let minimumCount: Int?
}
