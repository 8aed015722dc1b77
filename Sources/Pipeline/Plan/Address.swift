import Canonical
import Manifests

extension Plan {
  /// Where a stage stands in an experiment.
  package struct Place: Hashable, Sendable {
    package let experiment: Int
    /// For a kind of scope `run`: cells times seeds; otherwise the item.
    package let position: Int
  }

  /// The stage's name for people: `experiment/kind[path=value,…,seed=7]`.
  package func address(of stage: Int) -> String {
    address(of: stages[stage].kind, at: places[stage])
  }

  /// The name of the stage of `kind` at a place; a stage that several experiments need has several.
  package func address(of kind: Int, at place: Place) -> String {
    let experiment = experiments[place.experiment]
    let name = "\(experiment.manifest.experiment)/\(catalog.kinds[kind].name)"
    switch catalog.kinds[kind].scope {
    case .experiment: return name
    case .each(let list):
      let item = experiment.manifest.items(of: list)[place.position]
      return "\(name)[\(item["name"]?.string ?? String(place.position))]"
    case .run:
      let (cell, seed) = place.position.quotientAndRemainder(dividingBy: experiment.seeds.count)
      let label = experiment.manifest.cells[cell].label
      return "\(name)[\(label.isEmpty ? "" : label + ",")seed=\(experiment.seeds[seed])]"
    }
  }

  /// The stages that a text names: a kind, an address, or the start of addresses up to one of
  /// `/`, `[`, `,` and `]`; in the plan's order.
  package func stages(named text: String) -> [Int] {
    var named: Set<Int32> = []
    for (number, experiment) in experiments.enumerated() {
      for kind in catalog.kinds.indices {
        let isKind = catalog.kinds[kind].name == text
        for (position, stage) in experiment.stages[kind].enumerated() {
          let place = Place(experiment: number, position: position)
          if isKind || Plan.names(text, address(of: kind, at: place)) { named.insert(stage) }
        }
      }
    }
    return named.sorted().map(Int.init)
  }

  /// The stage's address that somebody most likely meant by a text that names none; nil where none
  /// is near.
  package func address(near text: String) -> String? {
    let head = String(text.prefix { $0 != "[" })
    var heads: [String: (experiment: Int, kind: Int)] = [:]
    for (number, experiment) in experiments.enumerated() {
      for kind in catalog.kinds.indices where !experiment.stages[kind].isEmpty {
        let name = catalog.kinds[kind].name
        heads["\(experiment.manifest.experiment)/\(name)"] = (number, kind)
        heads[name] = heads[name] ?? (number, kind)
      }
    }
    let known = heads.keys.sorted()
    guard let near = known.contains(head) ? head : Suggestion.nearest(to: head, among: known),
      let (number, kind) = heads[near]
    else { return nil }
    guard head != text else { return near }
    let wanted = Set(text.dropFirst(head.count).split { "[,]".contains($0) })
    let positions = experiments[number].stages[kind].indices.prefix(10_000)
    let nearest = positions.max { left, right in
      func score(_ position: Int) -> Int {
        address(of: kind, at: Place(experiment: number, position: position))
          .split { "[,]".contains($0) }.count { wanted.contains($0) }
      }
      return score(left) < score(right)
    }
    return nearest.map { address(of: kind, at: Place(experiment: number, position: $0)) }
  }

  private static func names(_ text: String, _ address: String) -> Bool {
    guard address.hasPrefix(text) else { return false }
    guard let next = address.dropFirst(text.count).first else { return true }
    return "/[,]".contains(next)
  }
}
