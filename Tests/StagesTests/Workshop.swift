import Canonical
import Manifests
import Pipeline
import Storage
import TestSupport

@testable import Stages

/// A manifest whose stages were run with a store of their own.
struct Workshop {
  let plan: Plan
  let outcome: Outcome
  private let store: Store
  private let folder: Folder

  init(_ manifests: [Manifest], _ catalog: Catalog = .mechanics) async throws {
    folder = try Folder()
    plan = try Planner.plan(manifests, catalog)
    store = try Store(at: "\(folder.path)/cache")
    var options = Runner.Options()
    options.jobs = 2
    let wanted = [Bool](repeating: true, count: plan.stages.count)
    outcome = try await Runner(plan, store, options).run(wanted: wanted)
    guard outcome.isComplete else { throw Failure("\(outcome.failures)") }
  }

  /// The output `name` of the stage of `kind` at a position of the first experiment.
  func output(_ kind: String, _ name: String, at position: Int = 0) throws -> [UInt8] {
    let stages = plan.experiments[0].stages
    guard
      let number = plan.catalog.kinds.indices.first(where: {
        plan.catalog.kinds[$0].name == kind && !stages[$0].isEmpty
      }),
      let output = plan.catalog.kinds[number].outputs.firstIndex(of: name)
    else { throw Failure("\(kind) has no output \(name)") }
    let stage = Int(stages[number][position])
    return try store.read(store.record(for: outcome.keys[stage]!)!.outputs[output])
  }

  func table(_ kind: String, _ name: String) throws -> Table {
    guard let table = Table(csv: String(decoding: try output(kind, name), as: UTF8.self)) else {
      throw Failure("\(name) is no table")
    }
    return table
  }

  /// The claims as judged, by what they say.
  func claims() throws -> [String: Value] {
    Dictionary(uniqueKeysWithValues: try verdicts().map { ($0["says"]!.string!, $0) })
  }

  /// The claims as judged, in their order.
  func verdicts() throws -> [Value] {
    Value(json: try output("claims", "claims.json"))?.list ?? []
  }

  /// What the claims' statuses are, by what they say.
  func statuses() throws -> [String: String] {
    try claims().mapValues { $0["status"]!.string! }
  }
}

extension Catalog {
  /// The program's catalog with some of its kinds replaced by others of the same names and models.
  func replacing(_ replacements: StageKind...) -> Catalog {
    Catalog(
      kinds: kinds.map { kind in
        replacements.first { $0.name == kind.name && $0.models == kind.models } ?? kind
      },
      schema: schema, numerics: numerics)
  }
}

extension StageKind {
  /// The kind with another function.
  func running(_ run: @escaping @Sendable (StageContext) throws -> [[UInt8]]) -> StageKind {
    StageKind(
      name, version: version + 1000, models: models, serves: serves, scope: scope, reads: reads,
      readsSeed: readsSeed, inputs: inputs, outputs: outputs, cost: cost, run: run)
  }
}
