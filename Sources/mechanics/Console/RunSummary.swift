import Canonical
import Pipeline
import Report

/// What a run came to, for people, on less than a screen: claims, what ran, what was reused, and where
/// to look.
struct RunSummary {
  /// From so many claims on they are counted and not listed.
  private static let claimLimit = 9
  /// So many kinds of stage are named.
  private static let kindLimit = 8

  let plan: Plan
  let results: [ExperimentResults]
  let tally: Tally
  /// Whether claims were judged.
  let judged: Bool
  let seconds: Double
  let folder: ResultsFolder
  /// Whether the report is up to date.
  let isReported: Bool

  var lines: [String] {
    claims + [executed, reused].compactMap(\.self) + places
  }

  private func line(_ name: String, _ text: String) -> String {
    name + String(repeating: " ", count: 10 - name.count) + text
  }

  private var claims: [String] {
    guard judged else {
      return [line("claims", "not judged: this is not the experiment as stated")]
    }
    let held = results.reduce(0) { $0 + $1.claims.held }
    let all = results.reduce(0) { $0 + $1.claims.all }
    if all == 0 { return [] }
    guard all <= RunSummary.claimLimit else {
      let bad = results.filter { $0.claims.held < $0.claims.all }
        .map { "\($0.experiment) \($0.claims.held)/\($0.claims.all)" }
      let names = bad.prefix(5).joined(separator: ", ") + (bad.count > 5 ? ", …" : "")
      return [
        line(
          "claims",
          "\(held) of \(all) held, in \(Console.count(results.count, "experiment"))"
            + (bad.isEmpty ? "" : "; not all in \(names)"))
      ]
    }
    let told = results.flatMap { result in
      result.claimLines.map { results.count == 1 ? $0 : "\(result.experiment): \($0)" }
    }
    return told.enumerated().map { line($0.offset == 0 ? "claims" : "", $0.element) }
  }

  private var executed: String? {
    let kinds = zip(plan.catalog.kinds, tally.kinds).filter { $0.1.executed > 0 }
      .sorted { $0.1.seconds > $1.1.seconds }
    guard !kinds.isEmpty else { return nil }
    let told = kinds.prefix(RunSummary.kindLimit).map { kind, use in
      "\(use.executed) \(kind.name)" + (use.seconds < 0.005 ? "" : " \(Console.time(use.seconds))")
    }
    let rest = kinds.dropFirst(RunSummary.kindLimit)
    let more = rest.isEmpty ? "" : ", \(rest.reduce(0) { $0 + $1.1.executed }) more"
    return line(
      "executed", told.joined(separator: ", ") + more + " (in \(Console.time(seconds)))")
  }

  private var reused: String? {
    let count = tally.reused.count(where: \.self)
    let fetched = tally.fetched.count(where: \.self)
    let shared = fetched == 0 ? "" : ", \(fetched) of them in a shared cache"
    guard count > 0 else { return nil }
    return line("reused", "\(Console.count(count, "stage")), whose outputs were there\(shared)")
  }

  private var places: [String] {
    guard !results.isEmpty else { return [] }
    let names = results.map(\.experiment)
    let place =
      names.count == 1 ? names[0] : names.count < 5 ? "{\(names.joined(separator: ","))}" : "*"
    let page = "\(folder.path)/\(ReportPage.name)"
    let kinds =
      ["runs.csv", "summary.csv"] + (judged ? ["claims.json"] : [])
      + (results.allSatisfy(\.figures.isEmpty) ? [] : ["figures"])
    let files = line("results", "\(folder.path)/\(place)/: \(kinds.joined(separator: ", "))")
    guard judged else { return [files] }
    return [
      files, line("report", isReported ? page : "'mechanics report' puts all on one page, \(page)"),
    ]
  }
}
