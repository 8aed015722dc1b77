import Canonical
import Manifests

extension ExperimentResults {
  /// How many claims there are, and how many hold.
  package var claims: (held: Int, all: Int) {
    (verdicts.count { $0["status"] == "held" }, verdicts.count)
  }

  /// The claims that do not hold, a line each.
  package var unheld: [String] {
    verdicts.filter { $0["status"] != "held" }.map { claim in
      let says = claim["says"]?.string ?? ""
      return "claim \(claim["status"]?.string ?? "undecided"): \(says) "
        + "(\(ExperimentResults.finding(claim, \.self))\(doubt(claim)))"
    }
  }

  /// All claims, a line each.
  package var claimLines: [String] {
    verdicts.map { claim in
      "\(claim["status"]?.string ?? "undecided"): \(claim["says"]?.string ?? "") "
        + "(\(ExperimentResults.finding(claim) { Decimal.shortened($0, digits: 5) }))"
    }
  }

  /// What was measured, as `spelling` has it, and what was stated.
  private static func finding(_ claim: Value, _ spelling: (Double) -> Double) -> String {
    let measured = claim["measured"]?.double.map(spelling).flatMap(Decimal.text) ?? "nothing"
    return "\(claim["statistic"]?.string ?? "") of \(claim["metric"]?.string ?? ""): "
      + "measured \(measured), stated \(stated(claim["threshold"] ?? .null))\(place(of: claim))"
  }

  /// The cell that a claim does not hold in, where there are several.
  private static func place(of claim: Value) -> String {
    claim["cell"]?.map.map { ", in \(Table.cell($0))" } ?? ""
  }

  /// A threshold in words.
  private static func stated(_ threshold: Value) -> String {
    guard let (kind, bound) = threshold.map?.first else { return "nothing" }
    if let ends = bound.list, ends.count == 2 {
      return "between \(ends[0].json()) and \(ends[1].json())"
    }
    return "\(kind.replacing("-", with: " ")) \(bound.json())"
  }

  /// Why a claim is undecided.
  private func doubt(_ claim: Value) -> String {
    guard claim["status"] == "undecided", let count = claim["count"]?.integer else { return "" }
    let values = claim["at"]?.map == nil ? "a value" : "all values"
    let finding = "; \(count) seeds have \(values) there, too few"
    if claim["at"]?.integer != nil { return "\(finding): is the iteration recorded?" }
    let metric = metrics.first { $0.name == claim["metric"]?.string }
    return "\(finding): it is missing \(metric?.missing ?? "where a run diverged")"
  }

  private var verdicts: [Value] {
    files[ExperimentResults.claimsName].flatMap { Value(json: $0)?.list } ?? []
  }
}
