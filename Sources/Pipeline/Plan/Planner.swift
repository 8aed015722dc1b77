import Canonical
import Manifests
import Storage

/// Makes a ``Plan`` of manifests: linear in the number of stages.
package struct Planner {
  private struct Identity: Hashable {
    let kind: Int
    let parameters: Int
    let seed: Int?
    let inputs: [Int32]
  }

  /// A parameter set belongs to a kind: the same bytes under two kinds are two sets, so that each
  /// has the cost of its own kind.
  private struct SetIdentity: Hashable {
    let kind: Int
    let digest: Digest
  }

  private var plan: Plan
  private var known: [Identity: Int32] = [:]
  private var sets: [SetIdentity: Int] = [:]

  /// The plan of `manifests`; stages that several need are in it once.
  /// - Throws: `StoreError` where a file that a parameter names cannot be read.
  package static func plan(_ manifests: [Manifest], _ catalog: Catalog) throws(StoreError) -> Plan {
    var planner = Planner(plan: Plan(catalog: catalog))
    for manifest in manifests { try planner.add(manifest) }
    return planner.plan
  }

  private init(plan: Plan) { self.plan = plan }

  private mutating func add(_ manifest: Manifest) throws(StoreError) {
    let catalog = plan.catalog
    let contents = try digests(of: manifest.files)
    let kinds = catalog.kinds(of: manifest)
    var stages = [[Int32]](repeating: [], count: catalog.kinds.count)
    for kind in kinds {
      let inputs = catalog.kinds[kind].inputs.flatMap { input in
        kinds.filter { $0 < kind && input.takes(catalog.kinds[$0]) }.map { stages[$0] }
      }
      switch catalog.kinds[kind].scope {
      case .run: stages[kind] = runs(kind, manifest, inputs, contents)
      case .experiment: stages[kind] = [single(kind, manifest, inputs, item: nil)]
      case .each(let list):
        stages[kind] = manifest.items(of: list).map { single(kind, manifest, inputs, item: $0) }
      }
    }
    plan.add(Plan.Experiment(manifest: manifest, seeds: Array(manifest.seeds), stages: stages))
  }

  /// The stages of a kind for every cell and seed.
  private mutating func runs(
    _ kind: Int, _ manifest: Manifest, _ inputs: [[Int32]], _ contents: [String: Value]
  ) -> [Int32] {
    let declaration = plan.catalog.kinds[kind]
    let seeds = Array(manifest.seeds)
    let parameters = CellParameters(declaration, manifest, contents)
    let sets = parameters.sets.map { intern(kind, $0) }
    var stages: [Int32] = []
    stages.reserveCapacity(manifest.cells.count * seeds.count)
    for cell in manifest.cells.indices {
      for seed in seeds {
        let place = stages.count
        stages.append(
          intern(
            Identity(
              kind: kind, parameters: sets[parameters.ofCell[cell]],
              seed: declaration.readsSeed ? seed : nil, inputs: inputs.map { $0[place] })))
      }
    }
    return stages
  }

  /// The one stage of a kind that sees the whole experiment, or one item of it.
  private mutating func single(
    _ kind: Int, _ manifest: Manifest, _ inputs: [[Int32]], item: Value?
  ) -> Int32 {
    let declaration = plan.catalog.kinds[kind]
    let entries = declaration.reads.map { path in
      (path: path, value: path == "item" ? item ?? .null : manifest.description(of: path))
    }
    return intern(
      Identity(
        kind: kind, parameters: intern(kind, ParameterSet(entries)), seed: nil,
        inputs: inputs.flatMap(\.self)))
  }

  private mutating func intern(_ identity: Identity) -> Int32 {
    if let stage = known[identity] { return stage }
    let stage = plan.add(
      kind: identity.kind, parameters: identity.parameters, seed: identity.seed,
      inputs: identity.inputs)
    known[identity] = stage
    return stage
  }

  private mutating func intern(_ kind: Int, _ set: ParameterSet) -> Int {
    let identity = SetIdentity(kind: kind, digest: set.digest)
    if let place = sets[identity] { return place }
    let place = plan.add(set)
    sets[identity] = place
    return place
  }

  /// The files that parameters name, each replaced by the digest of its content.
  private mutating func digests(of files: [Manifest.File]) throws(StoreError) -> [String: Value] {
    var contents: [String: Value] = [:]
    for file in files {
      let digest = try File.digest(of: file.location)
      plan.add(file: file.location, digest: digest)
      contents[file.path] = .string(digest.hex)
    }
    return contents
  }
}
