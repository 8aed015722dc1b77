/// A kind of model: the parameters that its manifests have, and the metrics that its runs yield.
package struct ModelFamily: Sendable {
  /// What `model:` says.
  package let name: String
  package let doc: String
  package let fields: [Field]
  package let metrics: [Metric]
  package let rules: [Rule]
  package let uses: [Use]
  /// The field with the number of the last iteration, which claims may not pass; nil if none.
  package let horizon: String?
  /// What tells the graphs of one run apart, such as the last token; nil if runs have no graphs.
  package let graphIndex: String?
  /// Which iterations are recorded, for claims about some; nil if all that claims may name.
  package let records: Records?

  /// - Parameter uses: Where parameters matter that do not matter always.
  /// - Precondition: Paths are distinct, start with `data.` or `train.`, none is part of another.
  package init(
    name: String, doc: String, fields: [Field], metrics: [Metric], rules: [Rule] = [],
    uses: [Use] = [], horizon: String? = nil, records: Records? = nil, graphIndex: String? = nil
  ) {
    precondition(Set(fields.map(\.path)).count == fields.count, "a path is declared twice")
    precondition(
      fields.allSatisfy { $0.path.hasPrefix("data.") || $0.path.hasPrefix("train.") })
    self.name = name
    self.doc = doc
    self.fields = fields
    self.metrics = metrics
    self.rules = rules
    self.uses = uses
    self.horizon = horizon
    self.graphIndex = graphIndex
    self.records = records
  }

  package func field(_ path: String) -> Field? { fields.first { $0.path == path } }

  var paths: [String] { fields.map(\.path) }

  package func metric(named name: String) -> Metric? { metrics.first { $0.name == name } }

  /// Whether a metric of this name is a single number at each iteration.
  func isScalar(_ name: String) -> Bool { metric(named: name)?.indices.isEmpty ?? false }

  /// The names of all indices of metrics, sorted.
  var indices: [String] { Set(metrics.flatMap(\.indices)).sorted() }
}

/// Which iterations the runs of a model record.
package struct Records: Sendable {
  /// The paths of the parameters that decide it.
  package let reads: [String]
  /// The recorded iterations next to one that training reaches: itself twice, or those before and
  /// after it.
  package let around: @Sendable (Parameters, Int) -> (before: Int, after: Int)

  package init(
    reads: [String], around: @escaping @Sendable (Parameters, Int) -> (before: Int, after: Int)
  ) {
    (self.reads, self.around) = (reads, around)
  }
}

/// All that manifests may say: the envelope and the families of models.
package struct ManifestSchema: Sendable {
  /// The first is the one that a manifest without `model:` means.
  package let families: [ModelFamily]

  /// - Precondition: There is a family, and no two have the same name.
  package init(_ families: [ModelFamily]) {
    precondition(!families.isEmpty && Set(families.map(\.name)).count == families.count)
    self.families = families
  }

  package func family(_ name: String) -> ModelFamily? { families.first { $0.name == name } }
}
