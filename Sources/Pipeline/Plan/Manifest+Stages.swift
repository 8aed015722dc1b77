import Canonical
import Manifests

extension Manifest {
  /// What stages of a whole experiment may read, by path.
  /// - Precondition: The path is `model`, `seeds`, `cells`, `figures`, `graphs` or `claims`.
  func description(of path: String) -> Value {
    switch path {
    case "model": .string(model)
    case "seeds": seeds.value
    case "cells":
      .list(
        cells.map { cell in
          .list(cell.swept.map { .list([.string($0.path), $0.value]) })
        })
    case "figures": .list(figures.filter { $0.kind != .graph }.map(\.value))
    case "graphs": .list(figures.filter { $0.kind == .graph }.map(\.value))
    case "claims": .list(claims.map(\.value))
    default: preconditionFailure("an experiment has no '\(path)'")
    }
  }

  /// The items for which a kind of scope `each` has a stage.
  package func items(of path: String) -> [Value] { description(of: path).list ?? [] }
}
