import Canonical
import Manifests
import Pipeline
import Storage

/// What an experiment puts into `results/`: files whose bytes follow from the plan and the store.
package struct ExperimentResults: Sendable {
  package let experiment: String
  /// The manifest as it was run: defaults filled in, canonical JSON.
  package static let manifestName = "manifest.json"
  package static let lockName = "lock.csv"
  package static let claimsName = "claims.json"

  /// The files that are recorded in git, by name.
  package private(set) var files: [String: [UInt8]]
  /// The names of the figures' specifications and graphs among them, in the manifest's order.
  package let figures: [String]
  /// The SHA-256 of the manifest's bytes.
  package let manifestDigest: Digest
  /// The version of every kind of stage that it used, and of the numerics.
  package let versions: [String: Int]
  /// The metrics of the model, for why one is missing.
  let metrics: [Metric]

  /// The results of the experiment at `number` of the plan.
  /// - Throws: `StoreError` where an output cannot be read.
  /// - Returns: nil where some of its stages are not finished.
  package init?(
    _ number: Int, of plan: Plan, _ outcome: Outcome, _ store: Store, manifest: [UInt8]
  ) throws(StoreError) {
    let stages = plan.experiments[number].stages
    guard stages.joined().allSatisfy({ outcome.states[Int($0)] == .finished }) else { return nil }
    let source = plan.experiments[number].manifest
    experiment = source.experiment
    manifestDigest = Digest(of: manifest)
    var files: [String: [UInt8]] = [:]
    var figures: [String] = []
    for kind in plan.catalog.kinds.indices where plan.catalog.kinds[kind].scope != .run {
      for (position, stage) in stages[kind].enumerated() {
        let record = store.record(for: outcome.keys[Int(stage)]!)!
        for (name, blob) in zip(plan.catalog.kinds[kind].outputs, record.outputs) {
          var name = name
          if case .each(let list) = plan.catalog.kinds[kind].scope {
            name = plan.fileName(of: list, position, in: number, name)
            figures.append(name)
          }
          files[name] = try store.read(blob)
        }
      }
    }
    files[ExperimentResults.lockName] = Array(plan.lock(of: number, outcome).csv.utf8)
    files[ExperimentResults.manifestName] = Array(
      (source.record.json(pretty: true) + "\n").utf8)
    self.files = files
    self.figures = figures
    versions = plan.versions(of: number)
    metrics = plan.catalog.schema.family(source.model)?.metrics ?? []
  }

  /// The files without the judgement of claims, for runs that are not the experiment as stated.
  package var withoutClaims: ExperimentResults {
    var copy = self
    copy.files[ExperimentResults.claimsName] = nil
    return copy
  }
}

extension Manifest {
  /// What the manifest asks for, whichever way it is written: defaults filled in, the sweep as axes.
  fileprivate var record: Value {
    var entries = value.map!
    entries["defaults"] = nil
    entries["cells"] = .integer(cells.count)
    entries["sweep"] = .list(
      axes.map { axis in
        [
          "paths": .list(axis.paths.map(Value.string)),
          "points": .list(axis.points.map(Value.list)),
        ]
      })
    return .map(entries)
  }
}

extension Plan {
  /// The name of an item's output: `figure.vl.json` of the item `norm` is `norm.vl.json`.
  fileprivate func fileName(
    of list: String, _ position: Int, in experiment: Int, _ output: String
  ) -> String {
    let suffix = output.drop { $0 != "." }
    let item = experiments[experiment].manifest.items(of: list)[position]
    return "\(item["name"]?.string ?? String(position))\(suffix)"
  }

  /// A row a cell and seed, a column a kind: the first 16 digits of each stage's outputs' digest.
  fileprivate func lock(of number: Int, _ outcome: Outcome) -> Table {
    let experiment = experiments[number]
    let kinds = catalog.kinds.indices.filter {
      catalog.kinds[$0].scope == .run && !experiment.stages[$0].isEmpty
    }
    let manifest = experiment.manifest
    var table = Table(
      columns: manifest.sweptPaths + ["seed"] + kinds.map { catalog.kinds[$0].name })
    for (place, cell) in manifest.cells.enumerated() {
      let swept = cell.swept.map { Table.cell($0.value) }
      for (offset, seed) in experiment.seeds.enumerated() {
        let run = place * experiment.seeds.count + offset
        table.append(
          swept + [String(seed)]
            + kinds.map { outcome.contents[Int(experiment.stages[$0][run])]?.short ?? "" })
      }
    }
    return table
  }

  fileprivate func versions(of number: Int) -> [String: Int] {
    var versions = ["numerics": catalog.numerics]
    for kind in catalog.kinds.indices where !experiments[number].stages[kind].isEmpty {
      versions[catalog.kinds[kind].name] = catalog.kinds[kind].version
    }
    return versions
  }
}
