import Canonical

/// The keys of a manifest that every model has, and those that follow from the model's fields.
extension ManifestSchema {
  /// The keys whose values do not depend on the model.
  var commonEntries: [Shape.Entry] {
    [
      .init(
        "experiment", .string(.slug), required: true,
        "The unique name of the experiment: its folder under results."),
      .init("title", .string(.text), required: true, "What the experiment is, on one line."),
      .init("description", .string(.text), "What the experiment tests and what is expected."),
      .init(
        "tier", .names(Manifest.Tier.allCases.map(\.rawValue)), default: "default",
        "Whether `make reproduce` runs it (default) or only `make reproduce-full` (full)."),
      .init(
        "model", .choice(families.map { Shape.Option($0.name, doc: $0.doc) }),
        default: .string(families[0].name),
        "The kind of model: it selects the fields of data and train."),
      .init(
        "seeds", Seeds.shape, default: Seeds.fallback.value,
        "The seeds of the runs: a range, a list, or a mix such as [1..10, 42]."),
    ]
  }

  /// The keys whose values depend on the fields and metrics of `family`.
  static func entries(of family: ModelFamily) -> [Shape.Entry] {
    [
      .init("data", family.record(under: "data"), "The data of a run."),
      .init("train", family.record(under: "train"), "The training of a run."),
      .init(
        "sweep", .record(family.axes),
        "The cartesian product of the values of dotted paths, the first the slowest."),
      .init(
        "zip", .record(family.axes),
        "Equally long lists of values of dotted paths, varied together as one more axis."),
      .init(
        "exclude", .list(family.someConditions),
        "Cells to leave out: each entry removes those in which all its paths have these values."),
      .init("figures", .list(Figure.shape(for: family), count: 0...Int.max), "What to draw."),
      .init("claims", .list(Claim.shape(for: family), count: 0...Int.max), "What must hold."),
    ]
  }
}

extension ModelFamily {
  /// A field's shape under a name, so that the JSON Schema holds it once.
  func reference(to field: Field) -> Shape { .reference("\(name)/\(field.path)", field.shape) }

  /// The fields whose path starts with `prefix.`, as a tree.
  func record(under prefix: String) -> Shape {
    let dotted = prefix + "."
    var entries: [Shape.Entry] = []
    var names: Set<Substring> = []
    for field in fields where field.path.hasPrefix(dotted) {
      let rest = field.path.dropFirst(dotted.count)
      let name = rest.prefix { $0 != "." }
      guard names.insert(name).inserted else { continue }
      entries.append(
        name.endIndex == rest.endIndex
          ? .init(String(name), reference(to: field), "")
          : .init(String(name), record(under: dotted + name), ""))
    }
    return .record(entries)
  }

  /// A list of values for each path.
  var axes: [Shape.Entry] { fields.map { .init($0.path, .list(reference(to: $0)), "") } }

  /// A value for each path.
  var conditions: Shape { .record(fields.map { .init($0.path, reference(to: $0), "") }) }

  /// A value for at least one path.
  var someConditions: Shape {
    .record(
      fields.map { .init($0.path, reference(to: $0), "") }, exactlyOne: [], atLeast: 1)
  }

  /// The name of a metric that is a single number at each iteration.
  var metric: Shape {
    .choice(metrics.filter(\.indices.isEmpty).map { Shape.Option($0.name, doc: $0.description) })
  }

  /// The name of any metric.
  var anyMetric: Shape { .choice(metrics.map { Shape.Option($0.name, doc: $0.description) }) }

  /// The path of a parameter.
  var path: Shape { .choice(fields.map { Shape.Option($0.path, doc: $0.doc) }) }
}
