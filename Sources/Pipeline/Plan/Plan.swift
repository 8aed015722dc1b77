import Canonical
import Manifests

/// The stages that some experiments need, each once, and what each takes from which.
///
/// A frozen value: what carries it out never plans, and nothing is looked up in it by name.
package struct Plan: Sendable {
  package struct Stage: Sendable {
    /// The place of its kind in the catalog.
    package let kind: Int
    /// The place of its parameters in `parameterSets`.
    package let parameters: Int
    package let seed: Int?
    fileprivate let inputs: Range<Int>
  }

  /// One manifest's stages.
  package struct Experiment: Sendable {
    package let manifest: Manifest
    package let seeds: [Int]
    /// For each kind of the catalog its stages here: a kind of scope `run` has one for every cell
    /// and seed (seeds fastest), `experiment` one, `each` one an item; none if the model lacks it.
    package let stages: [[Int32]]
  }

  package let catalog: Catalog
  /// Every stage after its inputs.
  package private(set) var stages: [Stage] = []
  private var inputs: [Int32] = []
  package private(set) var parameterSets: [ParameterSet] = []
  package private(set) var experiments: [Experiment] = []
  /// Where each stage stands in the first experiment that needs it.
  package private(set) var places: [Place] = []
  /// Where the files lie that parameters name by their digest.
  package private(set) var files: [Digest: String] = [:]

  init(catalog: Catalog) { self.catalog = catalog }

  package func kind(of stage: Int) -> StageKind { catalog.kinds[stages[stage].kind] }

  /// The stages whose outputs `stage` takes, in the order of its kind's inputs.
  package func inputs(of stage: Int) -> ArraySlice<Int32> { inputs[stages[stage].inputs] }

  package func parameters(of stage: Int) -> ParameterSet { parameterSets[stages[stage].parameters] }

  mutating func add(kind: Int, parameters: Int, seed: Int?, inputs new: [Int32]) -> Int32 {
    let start = inputs.count
    inputs += new
    stages.append(
      Stage(kind: kind, parameters: parameters, seed: seed, inputs: start..<inputs.count))
    return Int32(stages.count - 1)
  }

  mutating func add(_ set: ParameterSet) -> Int {
    parameterSets.append(set)
    return parameterSets.count - 1
  }

  mutating func add(_ experiment: Experiment) {
    for stages in experiment.stages {
      for (position, stage) in stages.enumerated() where stage == places.count {
        places.append(Place(experiment: experiments.count, position: position))
      }
    }
    experiments.append(experiment)
  }

  mutating func add(file: String, digest: Digest) { files[digest] = file }
}

extension Plan {
  /// For each stage the stages that take its outputs.
  var dependents: Adjacency {
    var counts = [Int32](repeating: 0, count: stages.count + 1)
    for input in inputs { counts[Int(input) + 1] += 1 }
    for stage in stages.indices { counts[stage + 1] += counts[stage] }
    var next = counts
    var targets = [Int32](repeating: 0, count: inputs.count)
    for stage in stages.indices {
      for input in inputs(of: stage) {
        targets[Int(next[Int(input)])] = Int32(stage)
        next[Int(input)] += 1
      }
    }
    return Adjacency(starts: counts, targets: targets)
  }

  /// The stages without which `wanted` cannot be had, as a mask.
  package func needed(for wanted: some Sequence<Int>) -> [Bool] {
    var mask = [Bool](repeating: false, count: stages.count)
    for stage in wanted { mask[stage] = true }
    for stage in stages.indices.reversed() where mask[stage] {
      for input in inputs(of: stage) { mask[Int(input)] = true }
    }
    return mask
  }

  /// For each stage the seconds that it is expected to take.
  package var costs: [Double] {
    var ofSets: [Int: Double] = [:]
    return stages.indices.map { stage in
      let set = stages[stage].parameters
      let cost = ofSets[set] ?? kind(of: stage).cost(parameterSets[set].parameters)
      ofSets[set] = cost
      return cost
    }
  }

  /// For each stage the expected seconds from its start to the end of all that waits for it.
  var pathLengths: [Double] {
    let costs = costs
    var lengths = [Double](repeating: 0, count: stages.count)
    for stage in stages.indices.reversed() {
      lengths[stage] += costs[stage]
      for input in inputs(of: stage) {
        lengths[Int(input)] = max(lengths[Int(input)], lengths[stage])
      }
    }
    return lengths
  }
}

/// A directed graph as one array of targets.
struct Adjacency: Sendable {
  fileprivate let starts: [Int32]
  fileprivate let targets: [Int32]

  subscript(stage: Int) -> ArraySlice<Int32> {
    targets[Int(starts[stage])..<Int(starts[stage + 1])]
  }
}
