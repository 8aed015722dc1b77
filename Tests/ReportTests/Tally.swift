import Canonical
import ManifestToys
import Manifests
import Pipeline
import Report
import Storage
import TestSupport

/// A pipeline of two kinds that counts: what results are made of, without any numerics.
struct Tally {
  /// What a run counts: its seed and this.
  var offset = 0
  var version = 1
  var size = 3
  var comment = ""

  private static func count(_ offset: Int, _ version: Int) -> StageKind {
    StageKind(
      "count", version: version, scope: .run, reads: ["data.size"], readsSeed: true,
      outputs: ["count.txt"]
    ) { context in
      let extra = context.seed == 2 ? offset : 0
      return [Array("\(context.parameters["data.size"].integer! + context.seed + extra)".utf8)]
    }
  }

  private static let summary = StageKind(
    "summary", version: 1, scope: .experiment, reads: ["seeds"], inputs: [.all("count")],
    outputs: ["runs.csv", "claims.json"]
  ) { context in
    var table = Table(columns: ["seed", "count"])
    try context.forEachInput("count", "count.txt") { number, bytes in
      table.append([String(number + 1), String(decoding: bytes, as: UTF8.self)])
    }
    let claim =
      #"[{"measured":3.5,"metric":"speed","says":"fast","statistic":"mean","#
      + #""status":"broken","threshold":{"at-least":4}},{"status":"held"}]"#
    return [Array(table.csv.utf8), Array("\(claim)\n".utf8)]
  }

  private var manifest: String {
    "\(comment)experiment: tally\ntitle: A tally\ndata: {size: \(size)}\nseeds: 1..3\n"
  }

  /// What the pipeline puts into results.
  func results(_ folder: Folder) async throws -> ExperimentResults {
    let catalog = Catalog(
      kinds: [Tally.count(offset, version), Tally.summary], schema: Toy.schema, numerics: 1)
    let plan = try Planner.plan([Toy.read(manifest)], catalog)
    let store = try Store(at: "\(folder.path)/cache-\(offset)-\(version)")
    let wanted = [Bool](repeating: true, count: plan.stages.count)
    let outcome = try await Runner(plan, store, Runner.Options()).run(wanted: wanted)
    let results = try ExperimentResults(
      0, of: plan, outcome, store, manifest: Array(manifest.utf8))
    guard let results else { throw Failure("incomplete") }
    return results
  }
}
