import Canonical
import Manifests
import Testing

@testable import Pipeline

/// Kinds that yield metrics are in an experiment when it names one of them.
@Suite struct MetricKindTests {
  /// `base` for all; `extra` and `other` for their metrics; `help`, which `extra` takes, for it.
  private static let catalog = Catalog(
    kinds: [
      kind("base"), kind("help", metrics: [], inputs: [.own("base")]),
      kind("extra", metrics: ["width", "height"], inputs: [.own("help")]),
      kind("other", metrics: ["depth"], inputs: [.own("base")]),
      StageKind(
        "summary", version: 1, scope: .experiment, inputs: [.all("base"), .metrics],
        outputs: ["out"]
      ) { context in
        [Array(context.inputNames.joined(separator: " ").utf8)]
      },
    ],
    schema: ManifestSchema([
      ModelFamily(
        name: "toy", doc: "A toy.",
        fields: [Field("data.size", .integer(0...1000), default: 4, "A size.")],
        metrics: ["loss", "width", "height", "depth"].map { Metric($0, "A metric.") })
    ]), numerics: 1)

  private static func kind(
    _ name: String, metrics: [String]? = nil, inputs: [StageKind.Input] = []
  ) -> StageKind {
    StageKind(
      name, version: 1, metrics: metrics, scope: .run, readsSeed: true, inputs: inputs,
      outputs: ["out"]
    ) { [Array("\(name) \($0.seed)".utf8)] }
  }

  private func plan(_ lines: String) throws -> Plan {
    let text = "experiment: toy\ntitle: Toy\nseeds: 1..3\n\(lines)\n"
    let manifest = try Manifest.read(
      Array(text.utf8), file: "toy.yaml", schema: Self.catalog.schema, isFile: { _ in false })
    return try Planner.plan([manifest], Self.catalog)
  }

  private func kinds(_ lines: String) throws -> [String] {
    let plan = try plan(lines)
    return Self.catalog.kinds.indices.filter { !plan.experiments[0].stages[$0].isEmpty }
      .map { Self.catalog.kinds[$0].name }
  }

  @Test func whatNobodyNamesIsNotPlanned() throws {
    #expect(try kinds("figures: [{name: a, y: loss}]") == ["base", "summary"])
  }

  @Test func figuresAndClaimsNameMetrics() throws {
    let extra = ["base", "help", "extra", "summary"]
    #expect(try kinds("figures: [{name: a, y: [loss, width]}]") == extra)
    #expect(try kinds("figures: [{name: a, kind: points, y: loss, x: height}]") == extra)
    #expect(
      try kinds("claims: [{says: a, metric: depth, at-least: 0}]") == ["base", "other", "summary"])
  }

  @Test func whatTakesMetricsTakesThemOfAllKindsInOrder() throws {
    let plan = try plan("figures: [{name: a, y: [depth, width]}]")
    let summary = plan.stage("toy/summary")
    let names = plan.inputs(of: summary).map { plan.kind(of: Int($0)).name }
    #expect(names == ["base", "extra", "other"].flatMap { [$0, $0, $0] })
    let contents = plan.stages.indices.map { Digest(of: [UInt8($0)]) as Digest? }
    let key = plan.key(of: summary, contents)
    #expect(key.inputs.map(\.kind) == ["base", "extra", "other"])
    #expect(Set(key.inputs.map(\.content)).count == 3)
  }
}
