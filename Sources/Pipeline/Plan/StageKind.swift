import Canonical
import Manifests

/// A kind of stage: all that the pipeline has to know of it, in one place.
///
/// The pipeline never asks what a kind means. Its key is made of what is declared here, so what is
/// declared here is all that `run` can see.
package struct StageKind: Sendable {
  /// How often a kind occurs in an experiment.
  package enum Scope: Hashable, Sendable {
    /// Once for every cell and seed.
    case run
    /// Once.
    case experiment
    /// Once for every item of the list at this path of the experiment, such as `figures`.
    case each(String)
  }

  /// What a stage takes from stages before it.
  package enum Input: Hashable, Sendable {
    /// The outputs of the stage of this kind at the same cell and seed, or of the same experiment.
    case own(String)
    /// The outputs of every stage of this kind of the experiment: cells in order, then seeds.
    case all(String)
    /// The same of every kind whose stages run once for every cell and seed and put this out, in the
    /// order of the catalog.
    case every(output: String)

    /// Whether outputs of `kind` are taken.
    package func takes(_ kind: StageKind) -> Bool {
      switch self {
      case .own(let name), .all(let name): kind.name == name
      case .every(let output): kind.scope == .run && kind.outputs.contains(output)
      }
    }
  }

  package let name: String
  /// Raised when the same inputs give other outputs than before.
  package let version: Int
  /// The model families that have it; all where nil.
  package let models: [String]?
  /// The metrics for which it is there: an experiment has it only where a figure or claim names one
  /// of them, or another of its kinds takes an `own` input from it; nil: every experiment has it.
  package let serves: [String]?
  package let scope: Scope
  /// The paths of the parameters that it reads.
  package let reads: [String]
  /// Whether it draws random numbers from the run's seed.
  package let readsSeed: Bool
  package let inputs: [Input]
  /// The names of its outputs, in the order in which `run` returns them.
  package let outputs: [String]
  /// About how long it takes, in seconds; decides the order of execution, never a result.
  package let cost: @Sendable (Parameters) -> Double
  /// The outputs' bytes, as a pure function of what the context holds.
  package let run: @Sendable (StageContext) throws -> [[UInt8]]

  package init(
    _ name: String, version: Int, models: [String]? = nil, serves: [String]? = nil,
    scope: Scope, reads: [String] = [], readsSeed: Bool = false, inputs: [Input] = [],
    outputs: [String],
    cost: @escaping @Sendable (Parameters) -> Double = { _ in 1e-4 },
    run: @escaping @Sendable (StageContext) throws -> [[UInt8]]
  ) {
    self.name = name
    self.version = version
    self.models = models
    self.serves = serves
    self.scope = scope
    self.reads = reads.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    self.readsSeed = readsSeed
    self.inputs = inputs
    self.outputs = outputs
    self.cost = cost
    self.run = run
  }
}
