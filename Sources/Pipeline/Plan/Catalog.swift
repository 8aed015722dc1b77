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
        guard let scope = scopes[input.kind] else {
          preconditionFailure("\(kind.name) comes before its input \(input.kind)")
        }
        switch input {
        case .own: precondition((scope == .run) == (kind.scope == .run), "\(kind.name) <- \(input)")
        case .all: precondition(scope == .run && kind.scope != .run, "\(kind.name) <- \(input)")
        }
      }
      scopes[kind.name] = kind.scope
    }
    self.kinds = kinds
    self.schema = schema
    self.numerics = numerics
  }

  /// The places in `kinds` of those which experiments of `model` have.
  package func kinds(of model: String) -> [Int] {
    kinds.indices.filter { kinds[$0].models?.contains(model) ?? true }
  }
}
