import Canonical

extension ManifestSchema {
  /// What manifests may say, for people: every key, parameter, metric and statistic.
  package var markdown: String {
    let first = families[0]
    return """
      # Reference of manifests

      Written by `mechanics schema --markdown`; a test keeps it current. A key without default that
      is marked * must be given. [The tutorial](tutorial.md) starts from an example.

      ## Every manifest

      \(ManifestSchema.table(commonEntries))

      Beside these, whatever the model: `data` and `train`, whose parameters are below; `sweep`,
      lists of values of dotted paths, of which every combination is a cell; `zip`, equally long lists
      that vary together; `exclude`, cells to leave out; `figures` and `claims`.

      \(ManifestSchema.sweepExample)

      A metric that has no value is missing: an empty field in tables, never 0. Its table says where;
      beside that all that is not a finite number is missing, as where a run diverged.

      ## Figures

      An entry of `figures:`. Lines are drawn over the mean of the seeds and never over a sweep: a
      swept path is on an axis, under `by`, `panels` or `where`.

      \(ManifestSchema.table(Figure.shape(for: first).entries, hiding: ["x", "y", "by", "at"]))

      `x`, `y`, `colour`, `by` and `at` name metrics, swept paths and indices, as the kind asks for:

      | kind | `x` | `y` | and |
      |---|---|---|---|
      | `line`, `errorbars` | `iteration`, a swept path, or an index | metrics | `band`, `by` |
      | `points` | a metric | metrics | a point a run |
      | `histogram` | a metric | – | `bins` |
      | `heatmap` | a swept path or an index | another | `colour`: a metric |
      | `graph` | – | – | `seed`, `at`: which graph |

      A band is over the seeds. `std` goes from the mean less one standard deviation to the mean plus
      one, but not beyond the values that a metric can have, which are below for each; `quantiles` goes
      from the 5 % to the 95 % quantile, around the median. Where a logarithmic axis cannot show the
      lower end, the band goes down to the least number that the figure shows.

      An entry of `lines:` is one of these; each may have a `label`, which is put where there is room:

      | entry | line |
      |---|---|
      | `{y: 0.5}`, `{x: 100}` | a horizontal or vertical one |
      | `{power: -1, through: [1000, 0.02]}` | a power of x through a point, which the axes then show |
      | `{log-power: -2, through: [1000, 0.02]}` | a power of ln x |
      | `{exponential: -0.5, through: [10, 0.02]}` | e^(−0.5 x), times a constant |
      | `{claim: "what it says"}` | the threshold of a claim |

      ## Claims

      An entry of `claims:`; of the thresholds it has exactly one.

      \(ManifestSchema.table(Claim.shape(for: first).entries))

      ### Statistics

      | name | of the values over the seeds |
      |---|---|
      \(Claim.Statistic.allCases.map { "| `\($0.rawValue)` | \($0.doc) |\n" }.joined())
      \(families.map(\.markdown).joined(separator: "\n"))
      """
  }

  /// `sweep`, `zip` and `exclude` together.
  private static let sweepExample = """
    ```yaml
    sweep:
      data.dimension: [8, 16]
      train.step.size: [0.01, 0.1]
    zip:
      data.length: [4, 8]
      data.sequences: [6, 12]
    exclude:
      - {data.dimension: 16, train.step.size: 0.1}
    ```

    The two axes of the sweep and the one of the pairs (4, 6) and (8, 12) make 2 · 2 · 2 cells, of which
    the two with dimension 16 and step 0.1 are left out.
    """

  /// - Parameter hidden: entries whose values depend on the model, and are told of in prose.
  fileprivate static func table(_ entries: [Shape.Entry], hiding hidden: [String] = []) -> String {
    let rows = entries.map { entry in
      let value = hidden.contains(entry.name) ? "a name" : entry.shape.noun
      return "| `\(entry.name)`\(entry.isRequired ? " *" : "") | \(cell(value)) "
        + "| \(cell(entry.fallback)) | \(cell(entry.doc)) |"
    }
    return (["| key | value | default | meaning |", "|---|---|---|---|"] + rows)
      .joined(separator: "\n")
  }

  fileprivate static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }

  fileprivate static func cell(_ fallback: Value?) -> String {
    fallback.map { "`\(cell(Table.cell($0)))`" } ?? ""
  }
}

extension ModelFamily {
  fileprivate var markdown: String {
    let parameters = fields.map { field in
      "| `\(field.path)`\(field.fallback == nil ? " *" : "") | \(ManifestSchema.cell(field.shape.noun))"
        + " | \(ManifestSchema.cell(field.fallback)) | \(ManifestSchema.cell(field.doc)) |\n"
    }
    let quantities = metrics.map { metric in
      let indices =
        metric.indices.isEmpty ? "" : " Over \(metric.indices.joined(separator: " × "))."
      return
        "| `\(metric.name)` | \(metric.bounds.noun) | \(ManifestSchema.cell(metric.description))"
        + "\(indices) |\n"
    }
    return """
      ## model: \(name)

      \(doc)

      | parameter | value | default | meaning |
      |---|---|---|---|
      \(parameters.joined())
      \(choices)| metric | value | meaning |
      |---|---|---|
      \(quantities.joined())
      """
  }
}

extension ModelFamily {
  /// What the values of parameters are that have a name of their own, and what stands in them.
  fileprivate var choices: String {
    let rows = fields.flatMap { field in
      field.shape.options.flatMap { option in
        ["| `\(field.path)` " + option.row] + (option.payload?.entries ?? []).map(\.row)
      }
    }
    guard !rows.isEmpty else { return "" }
    return """
      | value of | written | … | default | meaning |
      |---|---|---|---|---|
      \(rows.joined(separator: "\n"))


      """
  }
}

extension Shape.Option {
  /// Its row after the parameter.
  fileprivate var row: String {
    "| `\(noun)` | \(payload.map { ManifestSchema.cell($0.detail) } ?? "") | | "
      + "\(ManifestSchema.cell(doc)) |"
  }
}

extension Shape.Entry {
  /// The row of a key inside of an option.
  fileprivate var row: String {
    "| | `\(name)`\(isRequired ? " *" : "") | \(ManifestSchema.cell(shape.detail)) | "
      + "\(ManifestSchema.cell(fallback)) | \(ManifestSchema.cell(doc)) |"
  }
}

extension Shape {
  /// The keys of a record; none of other shapes.
  fileprivate var entries: [Entry] {
    if case .record(let entries, _, _) = self { entries } else { [] }
  }

  /// The options of a choice; none of other shapes.
  fileprivate var options: [Option] {
    if case .choice(let options) = self { options } else { [] }
  }

  /// The noun, of a list with what each element must be.
  fileprivate var detail: String {
    switch self {
    case .list(let element, _): "\(noun), each \(element.noun)"
    case .record: "\(noun) with the keys below"
    default: noun
    }
  }
}

extension Claim.Statistic {
  /// What it is, for people.
  package var doc: String {
    switch self {
    case .mean: "the sum divided by the count"
    case .std: "the standard deviation, with n − 1"
    case .min: "the least"
    case .max: "the greatest"
    case .median: "the 50 % quantile"
    case .q05: "the 5 % quantile, linear between neighbours"
    case .q95: "the 95 % quantile, linear between neighbours"
    case .share: "the share of the values that are not 0"
    case .slope: "the least-squares slope of the mean against ln τ over `at: {from, to}`"
    }
  }
}
