import Canonical
import Manifests
import Testing

@testable import Pipeline

private struct Broken: Error, CustomStringConvertible { let description = "it broke" }

@Suite struct FailureTests {
  /// A toy whose `draw` of some seeds fails.
  private func toy(failing seeds: Set<Int>) -> Toy {
    Toy { kind, context in
      if kind == "draw", seeds.contains(context.seed) { throw Broken() }
    }
  }

  private func plan(_ toy: Toy, seeds: Int = 4) throws -> Plan {
    try Planner.plan([try Toy.manifest("toy", "seeds: 1..\(seeds)")], toy.catalog())
  }

  @Test(arguments: [1, 3])
  func aFailureStopsOnlyWhatDependsOnIt(jobs: Int) async throws {
    let run = try await Workshop().run(try plan(toy(failing: [2]))) { $0.jobs = jobs }
    let plan = run.plan
    #expect(run.outcome.failures.map(\.stage) == [plan.stage("toy/draw[seed=2]")])
    #expect(run.outcome.failures.map(\.reason) == ["it broke"])
    #expect(
      run.outcome.blocked.map(plan.address) == [
        "toy/parity[seed=2]", "toy/tail[seed=2]", "toy/fit[seed=2]", "toy/summary",
      ])
    #expect(!run.outcome.isComplete)
    #expect(run.outcome.states.count { $0 == .finished } == 12)
    #expect(run.outcome.executed + run.outcome.found == 12)
  }

  @Test func failFastStartsNothingMore() async throws {
    let toy = toy(failing: [1])
    let run = try await Workshop().run(try plan(toy, seeds: 50)) { $0.failFast = true }
    #expect(run.outcome.failures.count == 1)
    #expect(toy.takeCounts() == ["draw": 1])
  }

  @Test func failFastCountsWhatWasRunning() async throws {
    let toy = toy(failing: [1])
    let run = try await Workshop().run(try plan(toy, seeds: 50)) {
      $0.failFast = true
      $0.jobs = 4
    }
    let counts = toy.takeCounts().values.reduce(0, +)
    #expect(run.outcome.executed + run.outcome.failures.count == counts)
    #expect(!run.outcome.states.contains(.running))
  }

  @Test func onlySuccessIsKept() async throws {
    let workshop = try Workshop()
    let broken = toy(failing: [1, 2])
    try await workshop.run(try plan(broken))
    let whole = Toy()
    let run = try await workshop.run(try plan(whole))
    #expect(whole.takeCounts() == ["draw": 2, "parity": 2, "fit": 2, "summary": 1])
    #expect(run.outcome.isComplete)
  }

  @Test func everyFailureIsNamed() async throws {
    let run = try await Workshop().run(try plan(toy(failing: [1, 2, 3, 4]))) { $0.jobs = 2 }
    #expect(try Set(run.outcome.failures.map(\.stage)) == Set(run.plan.stages(named: "draw")))
    #expect(run.outcome.executed == 0)
  }
}
