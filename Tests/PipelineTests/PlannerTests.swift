import Canonical
import Manifests
import Testing

@testable import Pipeline

@Suite struct PlannerTests {
  private let catalog = Toy().catalog()

  private func counts(_ plan: Plan) -> [String: Int] {
    Dictionary(grouping: plan.stages.indices, by: { plan.kind(of: $0).name })
      .mapValues(\.count)
  }

  @Test func aKindHasAStageForEveryCellAndSeed() throws {
    let manifest = try Toy.manifest(
      "toy", "seeds: 1..3", "sweep: {data.size: [2, 4], train.step: [0.1, 0.2]}",
      "figures: [{name: one, y: loss}, {name: two, y: loss}]")
    let plan = try Planner.plan([manifest], catalog)
    #expect(
      counts(plan)
        == ["draw": 6, "parity": 6, "tail": 6, "fit": 12, "summary": 1, "plot": 2])
  }

  @Test func stagesThatTwoManifestsNeedAreInThePlanOnce() throws {
    let first = try Toy.manifest("first", "seeds: 1..3", "train: {step: 0.1}")
    let second = try Toy.manifest("second", "seeds: 2..4", "train: {step: 0.2}")
    let plan = try Planner.plan([first, second], catalog)
    #expect(counts(plan) == ["draw": 4, "parity": 4, "tail": 4, "fit": 6, "summary": 2])
    let draw = plan.stage("first/draw[seed=2]")
    #expect(try plan.stages(named: "second/draw[seed=2]") == [draw])
  }

  @Test func everyStageComesAfterItsInputs() throws {
    let plan = try Planner.plan(
      [try Toy.manifest("toy", "seeds: 1..9", "sweep: {data.size: [1, 2, 3]}")], catalog)
    for stage in plan.stages.indices {
      #expect(plan.inputs(of: stage).allSatisfy { $0 < stage })
    }
  }

  @Test func aParameterThatNobodyReadsMakesNoStages() throws {
    let plan = try Planner.plan(
      [try Toy.manifest("toy", "sweep: {data.unread: [1, 2, 3]}", "seeds: 1")], catalog)
    #expect(counts(plan) == ["draw": 1, "parity": 1, "tail": 1, "fit": 1, "summary": 1])
  }

  @Test func neededStagesAreThoseBeforeTheWanted() throws {
    let plan = try Planner.plan([try Toy.manifest("toy", "seeds: 1..2")], catalog)
    let needed = plan.needed(for: [plan.stage("toy/tail[seed=2]")])
    let names = plan.stages.indices.filter { needed[$0] }.map(plan.address)
    #expect(names == ["toy/draw[seed=2]", "toy/parity[seed=2]", "toy/tail[seed=2]"])
  }

  /// Each model has its own kind `fit`; the summary takes that of the manifest's model.
  @Test func modelsMayHaveDifferentKindsOfOneName() throws {
    func fit(_ model: String, _ path: String) -> StageKind {
      StageKind(
        "fit", version: 1, models: [model], scope: .run, reads: [path], outputs: ["out"]
      ) { _ in [] }
    }
    let summary = StageKind(
      "summary", version: 1, scope: .experiment, inputs: [.all("fit")], outputs: ["out"]
    ) { _ in [] }
    let schema = ManifestSchema(
      ["box", "line"].map { name in
        ModelFamily(
          name: name, doc: "A toy.",
          fields: [Field("data.\(name)", .integer(0...9), default: 1, "A size.")], metrics: [])
      })
    let catalog = Catalog(
      kinds: [fit("box", "data.box"), fit("line", "data.line"), summary], schema: schema,
      numerics: 1)
    for model in ["box", "line"] {
      let text = "experiment: toy\ntitle: Toy\nmodel: \(model)\nseeds: 1\n"
      let manifest = try Manifest.read(
        Array(text.utf8), file: "toy.yaml", schema: schema, isFile: { _ in false })
      let plan = try Planner.plan([manifest], catalog)
      #expect(plan.stages.count == 2)
      #expect(plan.kind(of: 0).models == [model])
      #expect(plan.inputs(of: 1) == [0])
      #expect(try plan.stages(named: "toy/fit[seed=1]") == [0])
    }
  }

  /// Ten times the stages are ten times the stages, inputs and parameter sets, and no more.
  @Test func aPlanGrowsWithItsManifest() throws {
    func plan(_ seeds: Int) throws -> Plan {
      try Planner.plan(
        [try Toy.manifest("toy", "seeds: 1..\(seeds)", "sweep: {data.size: [1, 2]}")], catalog)
    }
    let (small, large) = (try plan(200), try plan(2000))
    #expect(small.stages.count == 1601 && large.stages.count == 16_001)
    #expect(small.parameterSets.count == large.parameterSets.count)
  }
}
