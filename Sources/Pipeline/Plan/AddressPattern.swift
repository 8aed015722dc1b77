import Canonical
import Manifests

/// What names stages: an address or a part of one.
///
/// `one`, `fit`, `one/fit`, and each of them with conditions in brackets, such as `fit[seed=7]`, in
/// any order and as many as are needed; or with the name of an item, as `one/plot[norm]`.
package struct AddressPattern {
  /// Up to the bracket: an experiment, a kind, or both with a `/` between.
  package let head: String
  /// What stands in brackets; nil where there are none.
  package let inside: String?

  /// The head up to its `/`: the experiment, if the head starts with one.
  package var experiment: String { String(head.prefix { $0 != "/" }) }

  package init(_ text: String) throws(FormatError) {
    guard let open = text.firstIndex(of: "[") else {
      (head, inside) = (text, nil)
      return
    }
    guard text.hasSuffix("]") else {
      throw FormatError("'\(text)' is no address: the bracket after its name has no other half")
    }
    head = String(text[..<open])
    inside = String(text[text.index(after: open)...].dropLast())
  }

  /// Whether the head names this kind of this experiment.
  func names(_ experiment: Manifest, _ kind: StageKind) -> Bool {
    head == experiment.experiment || head == kind.name
      || head == "\(experiment.experiment)/\(kind.name)"
  }
}

extension Plan {
  /// A stage at one of its places, as somebody named it.
  package struct Named: Sendable {
    package let stage: Int
    package let kind: Int
    package let place: Place

    package init(stage: Int, kind: Int, place: Place) {
      (self.stage, self.kind, self.place) = (stage, kind, place)
    }
  }

  /// The stages that a text names, at every place where it names them: in the plan's order.
  ///
  /// A stage that several cells share has a place for each of them.
  /// - Throws: `FormatError` where what is in brackets is not understood.
  package func places(named text: String) throws(FormatError) -> [Named] {
    let pattern = try AddressPattern(text)
    var named: [Named] = []
    var fault: FormatError?
    for (number, experiment) in experiments.enumerated() {
      for kind in catalog.kinds.indices
      where pattern.names(experiment.manifest, catalog.kinds[kind]) {
        guard !experiment.stages[kind].isEmpty else { continue }
        do throws(FormatError) {
          for position in try positions(of: kind, in: experiment, pattern.inside) {
            named.append(
              Named(
                stage: Int(experiment.stages[kind][position]), kind: kind,
                place: Place(experiment: number, position: position)))
          }
        } catch {
          fault = fault ?? error
        }
      }
    }
    if named.isEmpty, let fault { throw fault }
    return named.enumerated().sorted {
      ($0.element.stage, $0.offset) < ($1.element.stage, $1.offset)
    }
    .map(\.element)
  }

  /// The stages that a text names, each once, in the plan's order.
  package func stages(named text: String) throws(FormatError) -> [Int] {
    try places(named: text).map(\.stage).distinct()
  }

  /// The places of a kind's stages in an experiment that fit what is in brackets.
  private func positions(
    of kind: Int, in experiment: Experiment, _ inside: String?
  ) throws(FormatError) -> [Int] {
    guard let inside else { return Array(experiment.stages[kind].indices) }
    switch catalog.kinds[kind].scope {
    case .experiment: return []
    case .each(let list):
      return experiment.manifest.items(of: list).indices.filter {
        experiment.manifest.name(ofItem: $0, in: list) == inside
      }
    case .run:
      let selection = try RunSelection(inside, of: experiment)
      let positions = selection.positions
      if positions.isEmpty, let fault = selection.fault { throw fault }
      return positions
    }
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
    guard let inside = (try? AddressPattern(text))?.inside else { return near }
    let nearest = try? RunSelection(inside, of: experiments[number]).nearest
    guard catalog.kinds[kind].scope == .run, let position = nearest else { return near }
    return address(of: kind, at: Place(experiment: number, position: position))
  }
}

/// Which runs of an experiment satisfy conditions on parameters and the seed.
private struct RunSelection {
  private let experiment: Plan.Experiment
  /// Each condition with the path of the parameter that it is about; nil for the seed.
  private let conditions: [(path: String?, condition: Requirement)]

  init(_ text: String, of experiment: Plan.Experiment) throws(FormatError) {
    self.experiment = experiment
    let names = (experiment.manifest.cells.first?.parameters.paths ?? []) + ["seed"]
    var conditions: [(String?, Requirement)] = []
    for condition in try Requirement.list(text) {
      guard let index = Requirement.index(of: condition.name, among: names) else {
        let near = Requirement.nearest(to: condition.name, among: names)
        throw FormatError(
          "the runs of \(experiment.manifest.experiment) have no parameter '\(condition.name)'"
            + (near.map { " (did you mean '\($0)'?)" } ?? ""))
      }
      conditions.append((names[index] == "seed" ? nil : names[index], condition))
    }
    self.conditions = conditions
  }

  /// For each cell, how many conditions on parameters it does not satisfy.
  private var missesOfCells: [Int] {
    experiment.manifest.cells.map { cell in
      conditions.count { path, condition in
        path.map { !condition.holds(for: cell.parameters[$0]) } ?? false
      }
    }
  }

  /// For each seed, how many conditions on the seed it does not satisfy.
  private var missesOfSeeds: [Int] {
    experiment.seeds.map { seed in
      conditions.count { $0.path == nil && !$0.condition.holds(for: .integer(seed)) }
    }
  }

  /// Cells times seeds, as ``Plan/Place/position`` counts them.
  var positions: [Int] {
    let (cells, seeds) = (missesOfCells, missesOfSeeds)
    return cells.indices.flatMap { cell in
      seeds.indices.filter { cells[cell] + seeds[$0] == 0 }.map { cell * seeds.count + $0 }
    }
  }

  /// What is wrong with the first condition that no run satisfies; nil where each has one that does.
  var fault: FormatError? {
    let manifest = experiment.manifest
    for (path, condition) in conditions {
      let values = path.map { path in manifest.cells.map { $0.parameters[path] }.distinct() }
      guard !(values ?? experiment.seeds.map(Value.integer)).contains(where: condition.holds)
      else { continue }
      let known = values.map { $0.prefix(10).map(\.label) + ($0.count > 10 ? ["…"] : []) }
      return FormatError(
        "no run of \(manifest.experiment) has \(condition): "
          + (known.map { "\(condition.name) is \($0.joined(separator: ", "))" }
            ?? "its seeds are \(manifest.seeds)"))
    }
    return nil
  }

  /// The first of the runs that satisfy most.
  var nearest: Int? {
    let (cells, seeds) = (missesOfCells, missesOfSeeds)
    guard let fewest = cells.min(), let cell = cells.firstIndex(of: fewest),
      let least = seeds.min(), let seed = seeds.firstIndex(of: least)
    else { return nil }
    return cell * seeds.count + seed
  }
}
