import Canonical

extension ExperimentResults {
  /// How many claims there are, and how many hold.
  package var claims: (held: Int, all: Int) {
    (verdicts.count { $0["status"] == "held" }, verdicts.count)
  }

  /// The claims that do not hold, a line each.
  package var unheld: [String] {
    verdicts.filter { $0["status"] != "held" }.map { claim in
      let measured = claim["measured"]?.double.flatMap(Decimal.text) ?? "nothing"
      return "claim \(claim["status"]?.string ?? "undecided"): \(claim["says"]?.string ?? "") "
        + "(\(claim["statistic"]?.string ?? "") of \(claim["metric"]?.string ?? ""): "
        + "measured \(measured), stated \(claim["threshold"]?.json() ?? "")"
        + ExperimentResults.doubt(claim) + ")"
    }
  }

  /// Why a claim is undecided.
  private static func doubt(_ claim: Value) -> String {
    guard claim["status"] == "undecided", let count = claim["count"]?.integer else { return "" }
    return "; \(count) seeds have a value there, too few: is the iteration recorded?"
  }

  private var verdicts: [Value] {
    files[ExperimentResults.claimsName].flatMap { Value(json: $0)?.list } ?? []
  }
}
