import Canonical

/// A parameter of a family of models: its path, what it may be, and what it is when not given.
package struct Field: Sendable {
  /// The dotted path, from `data` or `train`.
  package let path: String
  package let shape: Shape
  /// The value when none is given, in its checked form; nil if one must be given.
  package let fallback: Value?
  /// One sentence for people.
  package let doc: String

  package init(_ path: String, _ shape: Shape, default fallback: Value? = nil, _ doc: String) {
    self.path = path
    self.shape = shape
    self.fallback = fallback
    self.doc = doc
  }
}

/// A quantity of a run which figures and claims may name.
package struct Metric: Hashable, Sendable {
  package let name: String
  /// One sentence for people.
  package let doc: String
  /// Where a run has no value, as `where W_svm is 0`; nil if only where
  /// it diverged.
  package let missing: String?
  /// The names of its indices, in the order of its array; none of a single number. `iteration` is
  /// the recorded iterations. Only figures show what has indices.
  package let indices: [String]
  /// Where its values can lie; no band reaches beyond.
  package let bounds: Bounds

  package init(
    _ name: String, in bounds: Bounds = .any, _ doc: String, missing: String? = nil,
    indices: [String] = []
  ) {
    self.name = name
    self.bounds = bounds
    self.doc = doc
    self.missing = missing
    self.indices = indices
  }

  /// What it is, and where it is missing.
  var description: String { doc + (missing.map { " Missing \($0)." } ?? "") }
}

/// A condition on several parameters of a cell at once.
///
/// It is asked once for each distinct combination of what it reads, not once a cell.
package struct Rule: Sendable {
  /// The bytes of a file that a parameter names; nil where it cannot be read.
  package typealias Files = (String) -> [UInt8]?

  /// How many cells must satisfy it, and when.
  package enum Extent: Sendable {
    case everyCell
    /// Every cell of an experiment as stated: a run that something else shortens, such as
    /// `--set train.iterations=100`, leaves out what it does not reach.
    case everyCellAsStated
    case someCell
  }

  /// The paths it reads; reading another one is a programming error.
  package let reads: [String]
  /// It is asked only where a figure or claim names one of these; nil: always.
  package let metrics: Set<String>?
  package let extent: Extent
  /// What is wrong with the cell.
  package let check: @Sendable (Parameters, Files) -> [Violation]

  package init(
    reads: [String], metrics: [String]? = nil, of extent: Extent = .everyCell,
    check: @escaping @Sendable (Parameters) -> [Violation]
  ) {
    self.init(reads: reads, metrics: metrics, of: extent) { cell, _ in check(cell) }
  }

  package init(
    reads: [String], metrics: [String]? = nil, of extent: Extent = .everyCell,
    check: @escaping @Sendable (Parameters, Files) -> [Violation]
  ) {
    (self.reads, self.extent, self.check) = (reads, extent, check)
    self.metrics = metrics.map(Set.init)
  }
}

/// What a rule found wrong with a cell.
package struct Violation: Hashable, Sendable {
  /// The parameter to change first; where it was written is where the error is reported.
  package let path: String
  package let message: String

  package init(_ path: String, _ message: String) {
    self.path = path
    self.message = message
  }
}
