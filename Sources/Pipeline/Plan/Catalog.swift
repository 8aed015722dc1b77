import Manifests

/// All kinds of stages and models that a program knows, and the version of its numerics.
package struct Catalog: Sendable {
  /// In an order in which each kind comes after its inputs.
  package let kinds: [StageKind]
  package let schema: ManifestSchema
  /// Raised when kernels, generators or elementary functions give other bits than before.
  package let numerics: Int

  /// - Precondition: Names are unique, and inputs name earlier kinds of a fitting scope.
  package init(kinds: [StageKind], schema: ManifestSchema, numerics: Int) {
    var scopes: [String: StageKind.Scope] = [:]
    for kind in kinds {
      precondition(scopes[kind.name] == nil, "two kinds are named \(kind.name)")
      for input in kind.inputs {
        let scope = input.kind.flatMap { scopes[$0] }
        if let name = input.kind, scope == nil {
          preconditionFailure("\(kind.name) comes before its input \(name)")
        }
        let fits =
          switch input {
          case .own: (scope == .run) == (kind.scope == .run)
          case .all: scope == .run && kind.scope != .run
          case .metrics: kind.scope != .run && input == kind.inputs.last
          }
        precondition(fits, "\(kind.name) <- \(input)")
      }
      scopes[kind.name] = kind.scope
    }
    self.kinds = kinds
    self.schema = schema
    self.numerics = numerics
  }

  /// The places in `kinds` of those which an experiment has: of its model's kinds those that every
  /// experiment has, those that yield a metric which it names, and what these take as inputs.
  package func kinds(of manifest: Manifest) -> [Int] {
    let named = manifest.metrics
    var taken: Set<String> = []
    var places: [Int] = []
    for place in kinds.indices.reversed() {
      let kind = kinds[place]
      guard kind.models?.contains(manifest.model) ?? true else { continue }
      let isNamed = kind.metrics?.contains(where: named.contains) ?? true
      guard isNamed || taken.contains(kind.name) else { continue }
      taken.formUnion(kind.inputs.compactMap(\.kind))
      places.append(place)
    }
    return places.reversed()
  }
}
