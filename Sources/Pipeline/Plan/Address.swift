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
      return "\(name)[\(experiment.manifest.name(ofItem: place.position, in: list))]"
    case .run:
      let (cell, seed) = place.position.quotientAndRemainder(dividingBy: experiment.seeds.count)
      let label = experiment.manifest.cells[cell].label
      return "\(name)[\(label.isEmpty ? "" : label + ",")seed=\(experiment.seeds[seed])]"
    }
  }
}

extension Manifest {
  /// What sets an item of a list apart, such as a figure: its name, else its number from 0.
  func name(ofItem position: Int, in list: String) -> String {
    items(of: list)[position]["name"]?.string ?? String(position)
  }
}
