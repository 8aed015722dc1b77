import Canonical
import Foundation
import Manifests
import Storage
import Testing

@testable import Pipeline

@Suite struct ExplanationTests {
  private let toy = Toy()
  private let workshop: Workshop

  init() async throws {
    workshop = try Workshop()
    try await workshop.run(try plan())
  }

  private func plan(_ lines: String..., catalog: Catalog? = nil) throws -> Plan {
    let lines = lines.isEmpty ? ["seeds: 1..3"] : lines
    let manifest = try Toy.manifest("toy", lines.joined(separator: "\n"))
    return try Planner.plan([manifest], catalog ?? toy.catalog())
  }

  private func explain(_ address: String, _ plan: Plan, _ store: Store? = nil) -> Explanation {
    let store = store ?? workshop.store
    var explainer = Explainer(plan, store, Forecast(plan, store))
    return explainer.explanation(of: plan.stage(address))
  }

  private func differences(_ address: String, _ plan: Plan) -> [Explanation.Difference]? {
    if case .differs(_, let differences) = explain(address, plan) { differences } else { nil }
  }

  @Test func aCachedStageIsSaidToBe() throws {
    guard case .cached(let record) = explain("toy/summary", try plan()) else {
      Issue.record("not cached")
      return
    }
    #expect(StageKey(preimage: record.preimage)?.kind == "summary")
  }

  @Test func theChangedParameterIsNamed() throws {
    let plan = try plan("seeds: 1..3", "train: {step: 0.25}")
    #expect(
      differences("toy/fit[seed=2]", plan)
        == [.parameter(path: "train.step", recorded: 0.5, now: 0.25)])
  }

  @Test func theChangedSeedIsNamed() throws {
    let found = try #require(differences("toy/draw[seed=9]", try plan("seeds: 9")))
    guard found.count == 1, case .seed(let recorded?, 9) = found[0] else {
      Issue.record("\(found)")
      return
    }
    #expect(1...3 ~= recorded)
  }

  @Test func theNewVersionIsNamed() throws {
    let plan = try plan(catalog: toy.catalog(versions: ["draw": 5]))
    #expect(differences("toy/draw[seed=1]", plan) == [.version(recorded: 1, now: 5)])
  }

  @Test func theNewNumericsAreNamed() throws {
    let plan = try plan(catalog: toy.catalog(numerics: 8))
    #expect(differences("toy/draw[seed=1]", plan) == [.numerics(recorded: 1, now: 8)])
  }

  @Test func theChangedInputIsNamed() async throws {
    let plan = try plan("seeds: 1", catalog: toy.catalog(versions: ["draw": 2], salt: "!"))
    let draw = plan.stage("toy/draw[seed=1]")
    let run = try await Runner(plan, workshop.store, .init()).run(wanted: plan.needed(for: [draw]))
    let found = try #require(differences("toy/fit[seed=1]", plan))
    guard found.count == 1, case .input("draw", let recorded?, let now, _, let causes) = found[0]
    else {
      Issue.record("\(found)")
      return
    }
    #expect(now == run.contents[draw] && recorded != now)
    let version = Explanation.Difference.version(recorded: 1, now: 2)
    #expect(causes == [Explanation.Cause(kind: "draw", difference: version)])
  }

  @Test func theMissingOutputIsNamed() throws {
    let plan = try plan()
    let stage = plan.stage("toy/draw[seed=2]")
    let key = Digest(of: try #require(Forecast(plan, workshop.store).keys[stage]).preimage)
    let blob = try #require(workshop.store.record(for: key)).outputs[0]
    let store = try workshop.damage(blob)
    #expect(throws: StoreError.self) { try store.read(blob) }
    guard case .blobsMissing(_, let outputs) = explain("toy/draw[seed=2]", plan, store) else {
      Issue.record("not missing")
      return
    }
    #expect(outputs == ["numbers"])
  }

  @Test func aStageWaitsForThoseBeforeIt() throws {
    let plan = try plan("seeds: [1, 9]")
    guard case .waits(let stages) = explain("toy/summary", plan) else {
      Issue.record("does not wait")
      return
    }
    #expect(stages.map(plan.address) == ["toy/draw[seed=9]"])
  }

  @Test func aKindThatNeverRanIsSaidTo() throws {
    let empty = try Workshop()
    guard case .neverRun = explain("toy/draw[seed=1]", try plan(), empty.store) else {
      Issue.record("it never ran")
      return
    }
  }

  @Test func differencesReadWell() {
    let differences: [Explanation.Difference] = [
      .version(recorded: 1, now: 2), .parameter(path: "a.b", recorded: nil, now: "x"),
      .seed(recorded: 1, now: nil),
    ]
    #expect(
      differences.map(\.description)
        == ["stage version: 1 -> 2", "parameter a.b: none -> \"x\"", "seed: 1 -> none"])
  }
}
