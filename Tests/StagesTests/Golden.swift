import Canonical
import Manifests
import Pipeline
import TestSupport

@testable import Stages

/// What every variant of every kind of stage puts out: golden.txt, and the same of now.
///
/// A line is `kind version digest variant`; the digest is of the outputs of all seeds.
struct Golden {
  struct Entry: Hashable {
    let kind: String
    let version: Int
    let digest: String
  }

  var numerics = 0
  /// By variant.
  var entries: [String: Entry] = [:]

  static let file = "\(Sandbox.package)/Tests/StagesTests/golden.txt"

  init(_ text: String) {
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 3).map(String.init)
      if words.count == 3, words[1] == "numerics" { numerics = Int(words[2]) ?? 0 }
      guard words.count == 4, let version = Int(words[1]) else { continue }
      entries[words[3]] = Entry(kind: words[0], version: version, digest: words[2])
    }
  }

  var text: String {
    let lines = entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { "\($0.value.kind) \($0.value.version) \($0.value.digest) \($0.key)\n" }
    return "# numerics \(numerics)\n" + lines.joined()
  }
}

extension Golden {
  /// The variants of now, and for each of them those that it takes its inputs from.
  static func now() async throws -> (golden: Golden, inputs: [String: Set<String>]) {
    let folder = "\(Sandbox.package)/Tests/MechanicsTests/Variants"
    let manifests = try Folder.names(folder).filter { $0.hasSuffix(".yaml") }.map {
      try Manifest.read(path: "\(folder)/\($0)", schema: Catalog.mechanics.schema)
    }
    let workshop = try await Workshop(manifests)
    let plan = workshop.plan
    var golden = Golden("")
    golden.numerics = plan.catalog.numerics
    var variants: [Int: String] = [:]
    var inputs: [String: Set<String>] = [:]
    for group in groups(of: plan) where variants[group.stages[0]] == nil {
      let contents = group.stages.flatMap { workshop.outcome.contents[$0]!.bytes }
      let kind = plan.kind(of: group.stages[0])
      golden.entries[group.name] = Entry(
        kind: kind.name, version: kind.version, digest: Digest(of: contents).short)
      for stage in group.stages { variants[stage] = group.name }
      inputs[group.name] = Set(
        group.stages.flatMap { plan.inputs(of: $0) }.compactMap { variants[Int($0)] })
    }
    return (golden, inputs)
  }

  /// The stages of a plan: the seeds of one cell together.
  private static func groups(of plan: Plan) -> [(name: String, stages: [Int])] {
    plan.catalog.kinds.indices.flatMap { kind in
      plan.experiments.flatMap { experiment -> [(name: String, stages: [Int])] in
        let stages = experiment.stages[kind].map(Int.init)
        let isRun = plan.catalog.kinds[kind].scope == .run
        let size = isRun ? experiment.seeds.count : 1
        return stride(from: 0, to: stages.count, by: size).map { start in
          let name = "\(experiment.manifest.experiment)/\(plan.catalog.kinds[kind].name)"
          let label = isRun ? experiment.manifest.cells[start / size].label : "\(start)"
          return ("\(name)[\(label)]", Array(stages[start..<start + size]))
        }
      }
    }
  }

  /// The variants that put out other bytes than `recorded` says, though neither their version nor
  /// that of the numerics nor any of their inputs changed.
  func changed(
    since recorded: Golden, _ inputs: [String: Set<String>]
  ) -> [(variant: String, kind: String)] {
    guard numerics == recorded.numerics else { return [] }
    return entries.sorted { $0.key < $1.key }.compactMap { variant, entry in
      guard let before = recorded.entries[variant], before.version == entry.version,
        before.digest != entry.digest,
        inputs[variant]!.allSatisfy({ entries[$0] == recorded.entries[$0] })
      else { return nil }
      return (variant, entry.kind)
    }
  }
}
