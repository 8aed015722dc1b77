import Canonical
import Manifests

extension Manifest {
  /// What stages of a whole experiment may read, by path.
  /// - Precondition: The path is `model`, `seeds`, `cells`, `figures` or `claims`.
  func description(of path: String) -> Value {
    switch path {
    case "model": .string(model)
    case "seeds": seeds.value
    case "cells":
      .list(
        cells.map { cell in
          .list(cell.swept.map { .list([.string($0.path), $0.value]) })
        })
    case "figures": .list(figures.map(\.value))
    case "claims": .list(claims.map(\.value))
    default: preconditionFailure("an experiment has no '\(path)'")
    }
  }

  /// The items for which a kind of scope `each` has a stage.
  func items(of path: String) -> [Value] { description(of: path).list ?? [] }
}
