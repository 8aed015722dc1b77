import Canonical
import Manifests
import Storage
import Testing

@testable import Pipeline

/// Whatever is changed, the stages that run say that it is this, and all that follow wait for them.
@Suite struct ReasonsTests {
  /// A thing to change after a run of the plan with seeds 1 to 3, and what has to be said of it.
  enum Change: String, CaseIterable {
    case nothing, parameter, sharedParameter, seed, version, numerics, inputUpstream, inputFar, blob

    var lines: [String] {
      switch self {
      case .parameter: ["train: {step: 0.25}"]
      case .sharedParameter: ["data: {size: 7}"]
      case .seed: ["seeds: 2..4"]
      default: []
      }
    }

    func catalog(_ toy: Toy) -> Catalog {
      switch self {
      case .version: toy.catalog(versions: ["fit": 4])
      case .numerics: toy.catalog(numerics: 2)
      case .inputUpstream, .inputFar: toy.catalog(versions: ["draw": 2], salt: "!")
      default: toy.catalog()
      }
    }

    /// The kinds whose stages are run anew before it is asked.
    var before: [String] {
      switch self {
      case .inputUpstream: ["draw"]
      case .inputFar: ["draw", "parity", "fit"]
      default: []
      }
    }

    /// How many stages of a kind run, and for what reason.
    var reasons: [String] {
      switch self {
      case .nothing: []
      case .parameter: ["3 fit: parameter train.step: 0.5 -> 0.25"]
      case .sharedParameter: ["3 draw: parameter data.size: 4 -> 7"]
      case .seed: ["1 draw: a seed that was not run"]
      case .version: ["3 fit: stage version: 1 -> 4"]
      case .numerics: ["3 draw: version of the numerics: 1 -> 2"]
      case .inputUpstream:
        [
          "3 parity: input draw: another content, since draw has stage version: 1 -> 2",
          "3 fit: input draw: another content, since draw has stage version: 1 -> 2",
        ]
      case .inputFar:
        ["1 summary: input fit: another content, since draw has stage version: 1 -> 2"]
      case .blob: ["1 draw: the cache has lost its output numbers"]
      }
    }
  }

  private let toy = Toy()

  private func plan(_ change: Change = .nothing) throws -> Plan {
    let lines = change == .seed ? change.lines : ["seeds: 1..3"] + change.lines
    let manifest = try Toy.manifest("toy", lines.joined(separator: "\n"))
    return try Planner.plan([manifest], change.catalog(toy))
  }

  @Test(arguments: Change.allCases) func theReasonIsWhatWasChanged(_ change: Change) async throws {
    let workshop = try Workshop()
    try await workshop.run(try plan())
    let plan = try plan(change)
    let early = plan.stages.indices.filter { change.before.contains(plan.kind(of: $0).name) }
    _ = try await Runner(plan, workshop.store, .init()).run(wanted: plan.needed(for: early))
    let store = change == .blob ? try damaged(workshop, plan) : workshop.store
    let found = Reasons(plan, store)
    #expect(
      found.groups.map { "\($0.stages.count) \($0.kind): \($0.reasons.joined(separator: ", "))" }
        == change.reasons)
    let fates = Forecast(plan, store).fates
    #expect(found.groups.flatMap(\.stages).sorted() == fates.indices.filter { fates[$0] == .runs })
    #expect(found.waiting.reduce(0) { $0 + $1.count } == fates.count { $0 == .unknown })
  }

  private func damaged(_ workshop: Workshop, _ plan: Plan) throws -> Store {
    let key = Digest(
      of: try #require(
        Forecast(plan, workshop.store).keys[plan.stage("toy/draw[seed=2]")]
      ).preimage)
    let blob = try #require(workshop.store.record(for: key)).outputs[0]
    let store = try workshop.damage(blob)
    #expect(throws: StoreError.self) { try store.read(blob) }
    return store
  }

  /// The records of other seeds differ as much, and are not nearer than that of the same seed.
  @Test func theNearestRecordIsThatOfTheSameSeed() async throws {
    let workshop = try Workshop()
    try await workshop.run(try plan())
    let plan = try plan(.inputUpstream)
    let draws = try plan.stages(named: "draw")
    _ = try await Runner(plan, workshop.store, .init()).run(wanted: plan.needed(for: draws))
    var explainer = Explainer(plan, workshop.store, Forecast(plan, workshop.store))
    for seed in 1...3 {
      let stage = plan.stage("toy/fit[seed=\(seed)]")
      guard case .differs(_, let differences) = explainer.explanation(of: stage),
        case .input(_, _, _, _, let causes)? = differences.first
      else {
        Issue.record("seed \(seed) is not explained by an input")
        continue
      }
      #expect(causes.map(\.description) == ["draw has stage version: 1 -> 2"])
    }
  }

  @Test func entriesOfMapsAreNamed() async throws {
    let workshop = try Workshop()
    func plan(_ colour: String) throws -> Plan {
      let figure = "figures: [{name: a, y: loss, x: iteration, title: \(colour)}]"
      return try Planner.plan([try Toy.manifest("toy", "seeds: 1", figure)], toy.catalog())
    }
    try await workshop.run(try plan("old"))
    #expect(
      Reasons(try plan("new"), workshop.store).groups.map(\.reasons)
        == [["parameter item.title: \"old\" -> \"new\""]])
  }
}
