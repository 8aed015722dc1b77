import Canonical
import Testing

@testable import Stages

/// A claim is held, broken or undecided.
struct ClaimsTests {
  private func judged(_ claim: String, _ cells: [[RunSeries]]) async throws -> Value {
    let text = "{says: \"it\", metric: norm, \(claim)}"
    return try await Measured.experiment(cells, claims: text).claims()["it"]!
  }

  private func status(_ claim: String, _ norms: [Double?]...) async throws -> Value? {
    let cells = norms.map { Measured.finals($0)[0] }
    return try await judged(claim, cells)["status"]
  }

  @Test func aBoundIsPartOfWhatHolds() async throws {
    #expect(try await status("at-least: 2", [1, 3]) == "held")
    #expect(try await status("at-least: 2.001", [1, 3]) == "broken")
    #expect(try await status("at-most: 2", [1, 3]) == "held")
    #expect(try await status("at-most: 1.999", [1, 3]) == "broken")
    #expect(try await status("between: [2, 5]", [1, 3]) == "held")
    #expect(try await status("between: [-1, 1.9]", [1, 3]) == "broken")
    #expect(try await status("equals: 2", [1, 3]) == "held")
    #expect(try await status("equals: 2.1", [1, 3]) == "broken")
  }

  @Test(arguments: [
    ("mean", 3.0), ("min", 1), ("max", 5), ("median", 3), ("share", 1), ("q05", 1.2), ("q95", 4.8),
  ])
  func statisticsAreOverTheSeeds(statistic: String, expected: Double) async throws {
    let claim = try await judged(
      "statistic: \(statistic), at-least: 0", Measured.finals([3, 1, 2, 5, 4]))
    #expect(abs(claim["measured"]!.double! - expected) < 1e-12)
    #expect(claim["count"] == 5)
  }

  @Test func aMissingValueLeavesItUndecided() async throws {
    #expect(try await status("at-least: 2", [3, nil, 3]) == "undecided")
    #expect(try await status("at-least: 2", [nil, nil, nil]) == "undecided")
  }

  @Test func withFewerValuesThanNeededNothingIsDecided() async throws {
    #expect(try await status("at-least: 2, min-count: 2", [1, nil, nil]) == "undecided")
    #expect(try await status("at-least: 2, min-count: 2", [3, nil, nil]) == "undecided")
  }

  @Test func enoughValuesDecide() async throws {
    #expect(try await status("at-least: 2, min-count: 2", [3, nil, 3]) == "held")
    #expect(try await status("at-least: 2, min-count: 2", [1, nil, 1]) == "broken")
  }

  @Test func theWorstCellSpeaks() async throws {
    let cells = Measured.finals([5, 5], [1, 2], [3, 4])
    let broken = try await judged("at-least: 2", cells)
    #expect(broken["status"] == "broken" && broken["measured"] == 1.5)
    #expect(broken["cell"] == ["data.length": 2])
    let held = try await judged("at-least: 1", cells)
    #expect(held["status"] == "held" && held["measured"] == 1.5 && held["cell"] == nil)
    let upper = try await judged("at-most: 9", cells)
    #expect(upper["measured"] == 5)
  }

  @Test func aBrokenCellOutweighsAnUndecidedOne() async throws {
    #expect(try await status("at-least: 2", [1, 1], [nil, 3]) == "broken")
    #expect(try await status("at-least: 2", [3, 3], [nil, 3]) == "undecided")
  }

  @Test func anUndecidedCellSpeaksForItself() async throws {
    let claim = try await judged("at-least: 2", Measured.finals([3, 3], [nil, 4]))
    #expect(claim["status"] == "undecided")
    #expect(claim["measured"] == 4 && claim["count"] == 1)
  }

  @Test func onlyTheCellsUnderWhereAreJudged() async throws {
    let cells = Measured.finals([1, 1], [3, 3])
    let claim = try await judged("at-least: 2, where: {data.length: 2}", cells)
    #expect(claim["status"] == "held")
    #expect(claim["where"] == ["data.length": 2])
  }

  /// Norms that are 3 ln τ + 1 and 3 ln τ − 1: on the mean the slope is 3.
  private static let growing = [
    [1.0, -1].map { shift in
      let iterations = [0, 1, 10, 100, 1000]
      let logarithms = [0, 0, 2.302585092994046, 4.605170185988092, 6.907755278982137]
      return RunSeries(
        iterations: iterations,
        metrics: ["norm": [-77] + logarithms.dropFirst().map { 3 * $0 + shift }])
    }
  ]

  @Test func aSlopeIsAgainstTheLogarithmOfTheIteration() async throws {
    let claim = try await judged(
      "at: {from: 0, to: final}, statistic: slope, at-least: 0", ClaimsTests.growing)
    #expect(abs(claim["measured"]!.double! - 3) < 1e-12)
    #expect(claim["count"] == 2)
  }

  @Test func anIterationIsLookedUpInTheRecord() async throws {
    let claim = try await judged("at: 1, at-least: 0", ClaimsTests.growing)
    #expect(claim["measured"] == 0 && claim["status"] == "held")
  }

  @Test func anIterationThatIsNotRecordedIsUndecided() async throws {
    #expect(try await judged("at: 5, at-least: 0", ClaimsTests.growing)["status"] == "undecided")
  }

  @Test func aWindowIsAveragedInEachRun() async throws {
    let claim = try await judged(
      "at: {from: 10, to: 100}, statistic: max, at-least: 0", ClaimsTests.growing)
    #expect(abs(claim["measured"]!.double! - (4.5 * 2.302585092994046 + 1)) < 1e-12)
  }

  /// Of two runs, the second without its value at iteration 100.
  private static let broken = [
    [0.0, 2].map { value in
      RunSeries(
        iterations: [1, 10, 100, 1000],
        metrics: ["norm": [value, value, value == 0 ? 0 : nil, value]])
    }
  ]

  @Test(arguments: ["mean", "slope"])
  func aRunCountsInAWindowThatItHasWhole(statistic: String) async throws {
    let claim = "statistic: \(statistic), at-most: 0"
    let whole = "at: {from: 10, to: 1000}, \(claim)"
    let undecided = try await judged(whole, ClaimsTests.broken)
    #expect(undecided["status"] == "undecided" && undecided["count"] == 1)
    let decided = try await judged("\(whole), min-count: 1", ClaimsTests.broken)
    #expect(decided["status"] == "held" && decided["measured"] == 0)
    let before = try await judged("at: {from: 1, to: 10}, \(claim)", ClaimsTests.broken)
    #expect(before["count"] == 2)
  }

  @Test func claimsAreInTheOrderOfWhatTheySay() async throws {
    func claims(_ norm: Double) async throws -> [Value?] {
      let text = "{says: b, metric: norm, at-most: 3}, {says: a, metric: norm, at-least: 3}"
      let verdicts = try await Measured.experiment(Measured.finals([norm]), claims: text)
        .verdicts()
      return verdicts.map { $0["says"] }
    }
    for norm in [1.0, 3, 10, 1e300] {
      #expect(try await claims(norm) == ["a", "b"], "whatever was measured")
    }
  }
}
