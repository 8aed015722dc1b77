import Canonical
import Manifests
import Storage
import Testing

@testable import Pipeline

@Suite struct ForecastTests {
  private let toy = Toy()

  private func fates(_ plan: Plan, _ store: Store) -> [String: Set<Forecast.Fate>] {
    let forecast = Forecast(plan, store)
    return plan.stages.indices.reduce(into: [:]) {
      $0[plan.kind(of: $1).name, default: []].insert(forecast.fates[$1])
    }
  }

  @Test func anEmptyStoreTellsOnlyTheFirstStages() throws {
    let plan = try Planner.plan([try Toy.manifest("toy", "seeds: 1..2")], toy.catalog())
    #expect(
      fates(plan, try Workshop().store) == [
        "draw": [.runs], "parity": [.unknown], "tail": [.unknown], "fit": [.unknown],
        "summary": [.unknown],
      ])
  }

  @Test func afterARunEverythingIsCached() async throws {
    let workshop = try Workshop()
    let plan = try Planner.plan([try Toy.manifest("toy", "seeds: 1..2")], toy.catalog())
    let run = try await workshop.run(plan)
    let forecast = Forecast(plan, workshop.store)
    #expect(forecast.fates.allSatisfy { $0 == .cached })
    #expect(forecast.keys.map { $0.map { Digest(of: $0.preimage) } } == run.outcome.keys)
  }

  @Test func aForecastIsWhatARunDoes() async throws {
    let workshop = try Workshop()
    try await workshop.run(
      try Planner.plan([try Toy.manifest("toy", "seeds: 1..2")], toy.catalog()))
    let changed = try Toy.manifest("toy", "seeds: 1..2", "train: {step: 0.25}")
    let plan = try Planner.plan([changed], toy.catalog())
    #expect(
      fates(plan, workshop.store) == [
        "draw": [.cached], "parity": [.cached], "tail": [.cached], "fit": [.runs],
        "summary": [.unknown],
      ])
  }
}
