import Canonical
import Manifests
import Theory

extension ModelFamily {
  /// The combinations of parameters that no scan-snap run can have.
  static let scanSnapRules: [Rule] = [
    Rule(
      reads: ["data.distinct-weight.least", "data.distinct-weight.greatest"], check: weightsAscend),
    Rule(reads: weights, check: weightsHaveASum),
    Rule(reads: sizes, check: matricesFit),
    Rule(reads: sizes + ["train.record", "train.iterations"], check: recordsFit),
  ]

  private static let sizes = [
    "data.num-last", "data.num-next-per-last", "data.common", "data.distinct",
  ]

  private static let weights = [
    "data.common", "data.common-weight", "data.distinct", "data.distinct-weight.greatest",
  ]

  @Sendable
  private static func weightsAscend(_ cell: Parameters) -> [Violation] {
    let least = cell["data.distinct-weight.least"].double!
    let greatest = cell["data.distinct-weight.greatest"].double!
    guard least > greatest else { return [] }
    return [
      Violation(
        "data.distinct-weight.least",
        "the least weight, \(least), is above the greatest, \(greatest)")
    ]
  }

  /// Whichever are larger, all common or all distinct ones, are what is wrong.
  @Sendable
  private static func weightsHaveASum(_ cell: Parameters) -> [Violation] {
    func total(_ count: String, _ weight: String) -> Double {
      Double(cell[count].integer!) * cell[weight].double!
    }
    let common = total("data.common", "data.common-weight")
    let distinct = total("data.distinct", "data.distinct-weight.greatest")
    guard !(common + distinct).isFinite else { return [] }
    let place = common > distinct ? "data.common-weight" : "data.distinct-weight.greatest"
    return [Violation(place, overflow(of: "a class"))]
  }

  /// The number of tokens, M.
  private static func vocabulary(_ cell: Parameters) -> (tokens: Int, last: Int) {
    let last = cell["data.num-last"].integer!
    let classes = last * cell["data.num-next-per-last"].integer!
    let distinct = classes * cell["data.distinct"].integer!
    return (cell["data.common"].integer! + distinct + last + classes, last)
  }

  /// The most tokens: matrices of M² doubles then take half a GiB.
  private static let largestVocabulary = 8192

  @Sendable
  private static func matricesFit(_ cell: Parameters) -> [Violation] {
    let tokens = vocabulary(cell).tokens
    guard tokens > largestVocabulary else { return [] }
    return [
      Violation(
        "data.num-last",
        "common, distinct, last and next tokens are \(tokens), more than \(largestVocabulary)")
    ]
  }

  @Sendable
  private static func recordsFit(_ cell: Parameters) -> [Violation] {
    let (tokens, last) = vocabulary(cell)
    guard tokens <= largestVocabulary else { return [] }
    return RecordSchedule.violations(
      cell, rows: last, columns: tokens, of: "\(last) last tokens and \(tokens) tokens")
  }
}
