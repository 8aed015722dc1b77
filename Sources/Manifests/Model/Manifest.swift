import Canonical

/// One experiment: a checked, complete, expanded manifest.
package struct Manifest: Sendable {
  /// Which command runs it.
  package enum Tier: String, CaseIterable, Sendable {
    /// `make reproduce` and `make reproduce-full`.
    case `default`
    /// `make reproduce-full` alone.
    case full
  }

  /// A file that a parameter names.
  package struct File: Hashable, Sendable {
    /// The parameter's path, such as `data.embedding`.
    package let parameter: String
    /// The file from the manifest's folder, as in the parameter's value.
    package let path: String
    /// The file from where the program runs (absolute if the manifest was named so).
    package let location: String
  }

  /// The file as it was named to ``read(path:schema:overrides:)``.
  package let file: String
  /// Where the experiment is named.
  package let place: Place
  package let experiment: String
  package let title: String
  package let description: String?
  package let tier: Tier
  /// The name of the model family.
  package let model: String
  /// All parameters outside of the sweep; a path that only the sweep gives has its first value.
  package let parameters: Parameters
  /// What was not given: envelope keys and parameter paths, with the values they took.
  package let defaults: [(path: String, value: Value)]
  package let seeds: Seeds
  /// The slowest first; empty without a sweep.
  package let axes: [Axis]
  /// In the order of the sweep, the last axis fastest; one cell without a sweep.
  package let cells: [Cell]
  package let figures: [Figure]
  package let claims: [Claim]
  package let files: [File]

  /// The swept paths in the manifest's order.
  package var sweptPaths: [String] { axes.flatMap(\.paths) }

  /// The metrics that its figures and claims name.
  package var namedMetrics: Set<String> { Manifest.metrics(namedBy: figures, claims) }

  static func metrics(namedBy figures: [Figure], _ claims: [Claim]) -> Set<String> {
    var names = Set(figures.flatMap(\.metrics) + claims.map(\.metric))
    for figure in figures {
      if case .metric(let name) = figure.abscissa { names.insert(name) }
    }
    return names
  }
}
