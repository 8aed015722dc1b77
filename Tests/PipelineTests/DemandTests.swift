import Canonical
import Manifests
import Testing

@testable import Pipeline

/// A kind that serves metrics is there where a manifest asks for one of them.
@Suite struct DemandTests {
  private static func kind(
    _ name: String, serves: [String]? = nil, scope: StageKind.Scope = .run,
    inputs: [StageKind.Input] = [], output: String,
    _ run: @escaping @Sendable (StageContext) throws -> String
  ) -> StageKind {
    StageKind(
      name, version: 1, serves: serves, scope: scope, readsSeed: scope == .run, inputs: inputs,
      outputs: [output]
    ) { [Array(try run($0).utf8)] }
  }

  /// `draw` → `base`; `draw` → `aid` → `extra`; `base` and `extra` put out a series.
  private static let catalog = Catalog(
    kinds: [
      kind("draw", output: "numbers") { "\($0.seed)" },
      kind("base", inputs: [.own("draw")], output: "series") {
        "base \(try $0.text("draw", "numbers"))"
      },
      kind("aid", serves: [], inputs: [.own("draw")], output: "aid") {
        try $0.text("draw", "numbers")
      },
      kind("extra", serves: ["rare", "odd"], inputs: [.own("aid")], output: "series") {
        "extra \(try $0.text("aid", "aid"))"
      },
      kind("report", scope: .experiment, inputs: [.every(output: "series")], output: "text") {
        var lines: [String] = []
        try $0.forEachInput(putting: "series") { kind, bytes in
          lines.append("\(kind): \(String(decoding: bytes, as: UTF8.self))")
        }
        return lines.joined(separator: "\n")
      },
    ],
    schema: ManifestSchema([
      ModelFamily(
        name: "toy", doc: "A toy.", fields: [],
        metrics: [Metric("usual", "A."), Metric("rare", "B."), Metric("odd", "C.")])
    ]), numerics: 1)

  private func manifest(_ lines: String...) throws -> Manifest {
    let text = (["experiment: toy", "title: Toy", "seeds: 1..2"] + lines).joined(separator: "\n")
    return try Manifest.read(
      Array((text + "\n").utf8), file: "toy.yaml", schema: DemandTests.catalog.schema,
      isFile: { _ in false })
  }

  private func kinds(_ lines: String) throws -> [String] {
    DemandTests.catalog.kinds(of: try manifest(lines)).map { DemandTests.catalog.kinds[$0].name }
  }

  @Test func withoutItsMetricAKindIsNotPlanned() throws {
    #expect(try kinds("description: plain") == ["draw", "base", "report"])
    #expect(try kinds("figures: [{name: a, y: usual}]") == ["draw", "base", "report"])
  }

  @Test(arguments: [
    "figures: [{name: a, y: [usual, odd]}]", "figures: [{name: a, y: usual, x: rare}]",
    "claims: [{says: a, metric: rare, at: final, statistic: mean, at-least: 0}]",
  ])
  func whoNamesAMetricGetsItsKindAndWhatThatTakes(lines: String) throws {
    #expect(try kinds(lines) == ["draw", "base", "aid", "extra", "report"])
  }

  @Test func anExperimentTakesEverySeriesInTheOrderOfTheCatalog() async throws {
    let shop = try Workshop()
    let plain = try Planner.plan([try manifest("description: plain")], DemandTests.catalog)
    let asked = try Planner.plan(
      [try manifest("figures: [{name: a, y: odd}]")], DemandTests.catalog)
    let (before, after) = (try await shop.run(plain), try await shop.run(asked))
    #expect(try before.output(plain.stage("toy/report")) == "base: base 1\nbase: base 2")
    #expect(
      try after.output(asked.stage("toy/report"))
        == "base: base 1\nbase: base 2\nextra: extra 1\nextra: extra 2")
  }

  @Test func aKindThatIsNotPlannedLeavesNoTraceInTheKey() throws {
    let plan = try Planner.plan([try manifest("description: plain")], DemandTests.catalog)
    let report = plan.stage("toy/report")
    let contents = plan.stages.indices.map { Digest?.some(Digest(of: [UInt8($0)])) }
    #expect(plan.key(of: report, contents).inputs.map(\.kind) == ["base"])
  }
}
