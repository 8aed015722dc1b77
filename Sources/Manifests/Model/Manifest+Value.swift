import Canonical

extension Manifest {
  /// The manifest as a document: defaults filled in, cells listed, what was defaulted named.
  package var value: Value {
    var document: [String: Value] = parameters.value.map ?? [:]
    document["experiment"] = .string(experiment)
    document["title"] = .string(title)
    if let description { document["description"] = .string(description) }
    document["tier"] = .string(tier.rawValue)
    document["model"] = .string(model)
    document["seeds"] = seeds.value
    document["figures"] = .list(figures.map(\.value))
    document["claims"] = .list(claims.map(\.value))
    document["defaults"] = .list(defaults.map { .string($0.path) })
    document["cells"] = .list(
      cells.map { .map(Dictionary($0.swept.map { ($0.path, $0.value) }) { $1 }) })
    return .map(document)
  }
}
