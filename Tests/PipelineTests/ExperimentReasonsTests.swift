import Canonical
import Manifests
import Storage
import Testing

@testable import Pipeline

/// Whatever is changed, a stage that takes the outputs of many runs says which of them are others, and
/// why they are.
@Suite struct ExperimentReasonsTests {
  /// A thing to change after a run of the plan with seeds 1 to 3, and what `summary` has to say of it
  /// when all before it has run.
  enum Change: CaseIterable {
    case parameter, sharedParameter, seed, moreSeeds, fewerSeeds, upstreamVersion, oneRun
    case ownParameter, ownVersion, numerics, output, forgottenList

    var lines: [String] {
      switch self {
      case .parameter: ["seeds: 1..3", "train: {step: 0.25}"]
      case .sharedParameter, .forgottenList: ["seeds: 1..3", "data: {size: 7}"]
      case .seed: ["seeds: 2..4"]
      case .moreSeeds: ["seeds: 1..4"]
      case .fewerSeeds: ["seeds: 1..2"]
      case .oneRun: ["seeds: [1, 9, 3]"]
      case .ownParameter: ["seeds: 1..3", "sweep: {data.unread: [0]}"]
      default: ["seeds: 1..3"]
      }
    }

    func catalog(_ toy: Toy) -> Catalog {
      switch self {
      case .upstreamVersion: toy.catalog(versions: ["draw": 2], salt: "!")
      case .ownVersion: toy.catalog(versions: ["summary": 3])
      case .numerics: toy.catalog(numerics: 2)
      default: toy.catalog()
      }
    }

    var reasons: [String] {
      let all = "input fit: content A -> B, in 3 of 3 runs, such as toy/fit[seed=1], since"
      return switch self {
      case .parameter: ["\(all) fit has parameter train.step: 0.5 -> 0.25"]
      case .sharedParameter: ["\(all) draw has parameter data.size: 4 -> 7"]
      case .upstreamVersion: ["\(all) draw has stage version: 1 -> 2"]
      case .seed:
        [
          "input fit: content A -> B, in 1 of 3 runs, such as toy/fit[seed=4], since draw has "
            + "seed: 1 -> 4"
        ]
      case .oneRun:
        [
          "input fit: content A -> B, in 1 of 3 runs, such as toy/fit[seed=9], since draw has "
            + "seed: 2 -> 9"
        ]
      case .moreSeeds:
        ["input fit: content A -> B, in 1 of 4 runs where there were 3, such as toy/fit[seed=4]"]
      case .fewerSeeds: ["input fit: content A -> B, of 2 runs where there were 3"]
      case .ownParameter: ["parameter cells: [[]] -> [[[\"data.unread\",0]]]"]
      case .ownVersion: ["stage version: 1 -> 3"]
      case .numerics: ["version of the numerics: 1 -> 2"]
      case .output: ["the cache has lost out"]
      case .forgottenList: ["input fit: content A -> B"]
      }
    }
  }

  private let toy = Toy()

  private func plan(_ lines: [String], _ catalog: Catalog) throws -> Plan {
    try Planner.plan([try Toy.manifest("toy", lines.joined(separator: "\n"))], catalog)
  }

  @Test(arguments: Change.allCases) func theReasonIsWhatWasChanged(_ change: Change) async throws {
    let workshop = try Workshop()
    let first = try await workshop.run(try plan(["seeds: 1..3"], toy.catalog()))
    let plan = try plan(change.lines, change.catalog(toy))
    let fits = try plan.stages(named: "fit")
    _ = try await Runner(plan, workshop.store, .init()).run(wanted: plan.needed(for: fits))
    let summary = first.plan.stage("toy/summary")
    let recorded = try #require(workshop.store.record(for: first.outcome.keys[summary]!))
    var store = workshop.store
    switch change {
    case .output:
      store = try workshop.damage(recorded.outputs[0])
      #expect(throws: StoreError.self) { try store.read(recorded.outputs[0]) }
    case .forgottenList:
      let list = StageKey(preimage: recorded.preimage)!.inputs[0].content
      let blob = Blob(digest: list, size: try store.read(contentOf: list).count)
      store = try workshop.damage(blob)
      #expect(throws: StoreError.self) { try store.read(blob) }
    default: break
    }
    #expect(reasons(plan, store) == change.reasons)
  }

  private func reasons(_ plan: Plan, _ store: Store) -> [String] {
    var explainer = Explainer(plan, store, Forecast(plan, store))
    switch explainer.explanation(of: plan.stage("toy/summary")) {
    case .differs(_, let differences):
      return differences.map {
        $0.description.replacing(/content [0-9a-f]{16} -> [0-9a-f]{16}/, with: "content A -> B")
      }
    case .blobsMissing(_, let outputs): return outputs.map { "the cache has lost \($0)" }
    case let other: return ["\(other)"]
    }
  }

  /// What takes the output of such a stage says what the runs before that were made from.
  @Test func whatFollowsNamesTheSameCause() async throws {
    let workshop = try Workshop()
    let figure = "figures: [{name: a, y: loss, x: iteration}]"
    try await workshop.run(try plan(["seeds: 1..3", figure], toy.catalog()))
    let plan = try plan(["seeds: 1..3", figure, "train: {step: 0.25}"], toy.catalog())
    let summary = try plan.stages(named: "summary")
    _ = try await Runner(plan, workshop.store, .init()).run(wanted: plan.needed(for: summary))
    #expect(
      Reasons(plan, workshop.store).groups.map(\.reasons) == [
        ["input summary: another content, since fit has parameter train.step: 0.5 -> 0.25"]
      ])
  }
}
