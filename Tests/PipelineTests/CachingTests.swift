import Canonical
import Manifests
import Storage
import Testing

@testable import Pipeline

/// Which stages are executed again after a change, and which are not.
@Suite struct CachingTests {
  private let toy = Toy()
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  private func plan(_ lines: String..., catalog: Catalog? = nil) throws -> Plan {
    let lines = (["seeds: 1..3"] + lines).joined(separator: "\n")
    return try Planner.plan([try Toy.manifest("toy", lines)], catalog ?? toy.catalog())
  }

  /// Runs what was asked for first, and forgets its counts.
  private func prepare() async throws -> Run {
    let run = try await workshop.run(try plan())
    _ = toy.takeCounts()
    return run
  }

  @Test func everyStageRunsOnce() async throws {
    let run = try await workshop.run(try plan())
    // All seeds have the same parity, hence one tail.
    #expect(toy.takeCounts() == ["draw": 3, "parity": 3, "tail": 1, "fit": 3, "summary": 1])
    #expect(run.outcome.isComplete && run.outcome.executed == 11 && run.outcome.found == 2)
    #expect(
      try run.output(run.plan.stage("toy/summary")) == "0: 4 1 by 0.5\n1: 4 2 by 0.5\n2: 4 3 by 0.5"
    )
  }

  @Test func aSecondRunExecutesNothing() async throws {
    let first = try await prepare()
    let second = try await workshop.run(first.plan)
    #expect(toy.takeCounts() == [:])
    #expect(second.outcome.executed == 0 && second.outcome.found == first.plan.stages.count)
    #expect(second.outcome.contents == first.outcome.contents)
  }

  @Test func anotherStoreOnTheFolderFindsAll() async throws {
    let first = try await prepare()
    let second = try await workshop.run(first.plan, on: Store(at: workshop.path))
    #expect(second.outcome.executed == 0)
  }

  @Test func aChangeRunsWhatReadsItAndWhatTakesFromThat() async throws {
    _ = try await prepare()
    try await workshop.run(try plan("train: {step: 0.25}"))
    #expect(toy.takeCounts() == ["fit": 3, "summary": 1])
  }

  @Test func aParameterThatNobodyReadsChangesNothing() async throws {
    _ = try await prepare()
    let run = try await workshop.run(try plan("data: {unread: 9}"))
    #expect(toy.takeCounts() == [:] && run.outcome.executed == 0)
  }

  /// Early cutoff: the parity is that of before, so its dependents are.
  @Test func theSameBytesStopAChange() async throws {
    _ = try await prepare()
    try await workshop.run(try plan("data: {size: 6}"))
    #expect(toy.takeCounts() == ["draw": 3, "parity": 3, "fit": 3, "summary": 1])
    try await workshop.run(try plan("data: {size: 7}"))
    #expect(toy.takeCounts() == ["draw": 3, "parity": 3, "fit": 3, "tail": 1, "summary": 1])
  }

  @Test func aNewVersionRunsItsKindAgain() async throws {
    let first = try await prepare()
    let second = try await workshop.run(
      try plan(catalog: toy.catalog(versions: ["draw": 2])))
    #expect(toy.takeCounts() == ["draw": 3])
    #expect(second.outcome.contents == first.outcome.contents)
  }

  @Test func aNewVersionThatPutsOutOtherBytesRunsWhatFollows() async throws {
    _ = try await prepare()
    try await workshop.run(try plan(catalog: toy.catalog(versions: ["draw": 2], salt: "!")))
    #expect(toy.takeCounts() == ["draw": 3, "parity": 3, "fit": 3, "summary": 1])
  }

  @Test func newNumericsRunEverythingAgain() async throws {
    _ = try await prepare()
    try await workshop.run(try plan(catalog: toy.catalog(numerics: 2)))
    #expect(toy.takeCounts() == ["draw": 3, "parity": 3, "tail": 1, "fit": 3, "summary": 1])
  }

  @Test func moreSeedsRunOnlyTheNew() async throws {
    _ = try await prepare()
    let manifest = try Toy.manifest("toy", "seeds: 1..4")
    try await workshop.run(try Planner.plan([manifest], toy.catalog()))
    #expect(toy.takeCounts() == ["draw": 1, "parity": 1, "fit": 1, "summary": 1])
  }

  @Test func twoExperimentsShareTheirStages() async throws {
    let run = try await prepare()
    let manifest = try Toy.manifest("other", "seeds: 1..3", "train: {rate: 2}")
    let other = try await workshop.run(try Planner.plan([manifest], toy.catalog()))
    #expect(toy.takeCounts() == ["tail": 1])
    #expect(
      other.outcome.keys[other.plan.stage("other/summary")]
        == run.outcome.keys[run.plan.stage("toy/summary")])
  }

  @Test func forceRunsEverything() async throws {
    let first = try await prepare()
    let second = try await workshop.run(first.plan) { $0.force = true }
    #expect(second.outcome.executed == first.plan.stages.count && second.outcome.found == 0)
    #expect(second.outcome.contents == first.outcome.contents)
  }

  @Test func onlyWantedStagesRun() async throws {
    let plan = try plan()
    let wanted = plan.needed(for: [plan.stage("toy/fit[seed=2]")])
    let outcome = try await Runner(plan, workshop.store, .init()).run(wanted: wanted)
    #expect(toy.takeCounts() == ["draw": 1, "fit": 1])
    #expect(outcome.isComplete && outcome.states.count { $0 == .idle } == 11)
  }
}
