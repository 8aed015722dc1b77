import Manifests

/// All kinds of stages and models that a program knows, and the version of its numerics.
package struct Catalog: Sendable {
  /// In an order in which each kind comes after its inputs.
  package let kinds: [StageKind]
  package let schema: ManifestSchema
  /// Raised when kernels, generators or elementary functions give other bits than before.
  package let numerics: Int

  /// - Precondition: Within a model, names are unique, and inputs name earlier kinds of a fitting
  ///   scope. Models may have different kinds of one name, such as each its own `analysis`.
  package init(kinds: [StageKind], schema: ManifestSchema, numerics: Int) {
    self.kinds = kinds
    self.schema = schema
    self.numerics = numerics
    for family in schema.families {
      check(kinds.filter { $0.models?.contains(family.name) ?? true })
    }
  }

  /// Checks the kinds that the experiments of one model have.
  private func check(_ kinds: [StageKind]) {
    var scopes: [String: StageKind.Scope] = [:]
    for kind in kinds {
      precondition(scopes[kind.name] == nil, "two kinds are named \(kind.name)")
      for input in kind.inputs {
        let isRun = kind.scope == .run
        switch input {
        case .own(let name):
          precondition(
            scopes[name].map { ($0 == .run) == isRun } ?? false, "\(kind.name) <- \(name)")
        case .all(let name): precondition(scopes[name] == .run && !isRun, "\(kind.name) <- \(name)")
        case .every: precondition(!isRun, "\(kind.name) <- \(input)")
        }
      }
      scopes[kind.name] = kind.scope
    }
  }

  /// The places in `kinds` of those which the experiment of `manifest` has: those of its model, and
  /// of those which serve metrics only what the manifest asks for.
  package func kinds(of manifest: Manifest) -> [Int] {
    let named = manifest.namedMetrics
    var taken: Set<String> = []
    var wanted: [Int] = []
    for (place, kind) in kinds.enumerated().reversed() {
      let isServing = kind.serves.map { !named.isDisjoint(with: $0) } ?? true
      guard kind.models?.contains(manifest.model) ?? true, isServing || taken.contains(kind.name)
      else { continue }
      for case .own(let input) in kind.inputs { taken.insert(input) }
      wanted.append(place)
    }
    return wanted.reversed()
  }
}
