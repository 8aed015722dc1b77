import Canonical
import Manifests
import Pipeline
import Theory

extension StageKind {
  /// The judgement of every claim of an experiment.
  static let claims = StageKind(
    "claims", version: 2, scope: .experiment, reads: ExperimentSeries.reads + ["claims"],
    inputs: [ExperimentSeries.input], outputs: ["claims.json"]
  ) { context in
    let series = try ExperimentSeries(context)
    let verdicts = try (context.parameters["claims"].list ?? []).map { value in
      guard let claim = Claim(value) else { throw FormatError("no claim: \(value.json())") }
      return claim.judged(by: series)
    }
    // By what was claimed, so that a number that changes moves no claim.
    let sorted = verdicts.map { (claimed($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    return [Array((Value.list(sorted).json(pretty: true) + "\n").utf8)]
  }
}

/// What tells a claim from others, whatever was measured, with what it says first.
private func claimed(_ verdict: Value) -> String {
  let keys = ["says", "metric", "statistic", "at", "where", "threshold"]
  return keys.map { (verdict[$0] ?? .null).json() }.joined(separator: "\n")
}

extension Claim {
  /// What was measured of a claim in one cell.
  private struct Measurement {
    /// Of the cell, among those of the claim.
    let number: Int
    let value: Double?
    /// The number of values that exist.
    let count: Int
    /// How far it is from breaking the claim; negative where it breaks it.
    let slack: Double
  }

  /// The claim with what was measured and whether it holds.
  ///
  /// A cell with too few values is undecided. Of several cells one speaks for all: a broken one if
  /// there is any, else an undecided one, else the one that is nearest to breaking the claim. Where the
  /// claim does not hold, `cell` names it.
  fileprivate func judged(by series: ExperimentSeries) -> Value {
    let selected = series.cells.filter { cell in
      cells.allSatisfy { condition in
        cell.swept.contains { $0.path == condition.path && $0.value == condition.value }
      }
    }
    let measured = selected.enumerated().map { measure($0.element, number: $0.offset) }
    let needed = minimumCount ?? series.seeds.count
    func isDecided(_ cell: Measurement) -> Bool { cell.value != nil && cell.count >= needed }
    let decided = measured.filter(isDecided).min { $0.slack < $1.slack }
    let undecided = measured.filter { !isDecided($0) }.min { $0.count < $1.count }
    let isBroken = (decided?.slack ?? 0) < 0
    let worst = isBroken ? decided : undecided ?? decided
    let status = isBroken ? "broken" : undecided == nil && decided != nil ? "held" : "undecided"
    var entries = value.map!
    entries["threshold"] = .map([threshold.name: threshold.value])
    entries[threshold.name] = nil
    entries["where"] = cells.value
    entries["measured"] = worst?.value.map(Value.number) ?? .null
    entries["count"] = .integer(worst?.count ?? 0)
    entries["status"] = .string(status)
    if status != "held", selected.count > 1, let cell = worst.map({ selected[$0.number] }) {
      let conditions = cell.swept.map { ($0.path, $0.value) }
      entries["cell"] = .map(Dictionary(conditions) { first, _ in first })
    }
    return .map(entries)
  }

  private func measure(_ cell: ExperimentSeries.Cell, number: Int) -> Measurement {
    let (value, count) =
      statistic == .slope ? slope(of: cell) : statistic(of: samples(of: cell))
    return Measurement(
      number: number, value: value, count: count,
      slack: value.map(threshold.slack) ?? .infinity)
  }

  private func statistic(of samples: [Double?]) -> (Double?, Int) {
    let values = samples.compactMap(\.self)
    return (statistic(values), values.count)
  }

  /// A number a run: the metric at the claim's time, its mean over a window.
  private func samples(of cell: ExperimentSeries.Cell) -> [Double?] {
    switch time {
    case .final: return cell.finals(metric)
    case .iteration(let iteration):
      guard let record = cell.iterations.firstIndex(of: iteration) else {
        return cell.runs.map { _ in nil }
      }
      return cell.values(metric, at: record)
    case .window:
      return windows(of: cell, at: records(of: cell)).map { $0.flatMap { Statistic.mean($0) } }
    }
  }

  /// The least-squares slope of the mean over seeds against ln τ, within the claim's window.
  private func slope(of cell: ExperimentSeries.Cell) -> (Double?, Int) {
    let records = records(of: cell).filter { cell.iterations[$0] > 0 }
    let runs = windows(of: cell, at: records).compactMap(\.self)
    let x = records.map { Kernels.log(Double(cell.iterations[$0])) }
    let y = records.indices.compactMap { record in Statistic.mean(runs.map { $0[record] }) }
    guard x.count > 1, y.count == x.count, let centre = Statistic.mean(x),
      let level = Statistic.mean(y)
    else { return (nil, runs.count) }
    let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - centre) * ($1.1 - level) }
    let variance = x.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    return (variance > 0 ? covariance / variance : nil, runs.count)
  }

  /// Of each run its values at `records`; nil where one is missing, as what is left would be of other
  /// iterations than those of the other runs.
  private func windows(of cell: ExperimentSeries.Cell, at records: [Int]) -> [[Double]?] {
    let values = records.map { cell.values(metric, at: $0) }
    return cell.runs.indices.map { run in
      let window = values.compactMap { $0[run] }
      return window.count == records.count ? window : nil
    }
  }

  private func records(of cell: ExperimentSeries.Cell) -> [Int] {
    guard case .window(let from, let to) = time else { return [] }
    return cell.iterations.indices.filter {
      cell.iterations[$0] >= from && cell.iterations[$0] <= to ?? .max
    }
  }
}

extension Claim.Threshold {
  /// How far `value` is inside the threshold; negative outside.
  fileprivate func slack(of value: Double) -> Double {
    switch self {
    case .atLeast(let bound): value - bound
    case .atMost(let bound): bound - value
    case .between(let lower, let upper): min(value - lower, upper - value)
    case .equals(let expected): -abs(value - expected)
    }
  }
}
