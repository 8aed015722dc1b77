import Canonical

/// Turns the document of a manifest into the manifest, collecting all that is wrong.
struct ManifestReader {
  let schema: ManifestSchema
  /// The document; keys that are misspelt have been reported, and stand here as they were meant.
  private(set) var root: Node
  let overrides: [Override]
  var checker: Checker
  /// What was not given, in the order of the schema.
  var defaults: [(path: String, value: Value)] = []

  init(schema: ManifestSchema, root: Node, folder: Folder, overrides: [Override]) {
    self.schema = schema
    self.root = root
    self.overrides = overrides
    checker = Checker(folder: folder)
  }

  /// The manifest; nil where its parts are wrong, which the checker then has reported.
  mutating func read(file: String) -> Manifest? {
    guard let entries = root.entries else {
      checker.report(root.place, "a manifest must be a map, not \(root.noun)")
      return nil
    }
    let head = readHead(entries)
    guard let family = head.family else { return nil }
    var parameters = ParameterReader(family: family, root: root)
    parameters.readSections(&checker)
    var sweep = SweepReader(family: family, root: root)
    sweep.readAxes(&checker)
    refuseOverriding(sweep.axes)
    let table = parameters.complete(with: sweep, &checker)
    defaults += parameters.defaults
    let cells = sweep.expand(table, &checker)
    let context = AnalysisContext(
      family: family, axes: sweep.axes, cells: cells, seeds: head.seeds,
      isOverridden: !overrides.isEmpty, broken: parameters.broken.union(sweep.doubtful),
      unsettled: parameters.broken.union(sweep.unsettled),
      claimTexts: (root["claims"]?.elements ?? []).compactMap { $0["says"]?.scalar?.string })
    let claims = readClaims(in: context)
    let figures = readFigures(in: context, claims)
    RuleRunner(
      family: family, parameters: parameters, sweep: sweep, cells: cells,
      unsettled: context.unsettled, metrics: metrics(namedBy: figures, claims),
      overridden: overrides.map { $0.keys.joined(separator: ".") }
    ).run(&checker)
    guard let head = head.complete else { return nil }
    return Manifest(
      file: file, place: root["experiment"]?.place ?? root.place, experiment: head.experiment,
      title: head.title, description: head.description, tier: head.tier, model: family.name,
      parameters: table, defaults: defaults, seeds: head.seeds, axes: sweep.axes, cells: cells,
      figures: figures, claims: claims, files: checker.distinctFiles)
  }

  /// The metrics of figures and claims, and of those in which something else is wrong; a claim that
  /// an override leaves out names none.
  private func metrics(namedBy figures: [Figure], _ claims: [Claim]) -> Set<String> {
    let named = Manifest.metrics(namedBy: figures, claims)
    guard overrides.isEmpty else { return named }
    func texts(_ list: String, _ keys: [String]) -> [String] {
      (root[list]?.elements ?? []).flatMap { entry in
        keys.compactMap { entry[$0] }.flatMap { ($0.elements ?? [$0]).compactMap(\.scalar?.string) }
      }
    }
    return named.union(texts("claims", ["metric"]) + texts("figures", ["x", "y", "colour"]))
  }

  /// The keys that every manifest has, checked.
  private struct Head {
    var values: [String: Value] = [:]
    var family: ModelFamily?
    var seeds: Seeds?

    /// The typed values; nil if one is wrong.
    var complete: Complete? {
      guard let experiment = values["experiment"]?.string, let title = values["title"]?.string,
        let tier = values["tier"]?.string.flatMap(Manifest.Tier.init), let seeds
      else { return nil }
      return Complete(
        experiment: experiment, title: title, description: values["description"]?.string,
        tier: tier, seeds: seeds)
    }
  }

  private struct Complete {
    let experiment: String
    let title: String
    let description: String?
    let tier: Manifest.Tier
    let seeds: Seeds
  }

  /// A key that is misspelt is read as the one that was meant, so that nothing else is reported for it.
  private mutating func readHead(_ entries: [Node.Entry]) -> Head {
    var head = Head()
    let common = schema.commonEntries
    let known = common + ManifestSchema.entries(of: schema.families[0])
    for entry in entries where !known.contains(where: { $0.name == entry.key }) {
      let parameters = schema.families.flatMap(\.paths)
      let near = checker.unknown(entry, in: "the manifest", among: known.map(\.name) + parameters)
      if let near, known.contains(where: { $0.name == near }) { root.rename(entry.key, near) }
    }
    for entry in common {
      if let node = root[entry.name] {
        if entry.name == "seeds" {
          head.seeds = Seeds.read(node, &checker)
        } else {
          head.values[entry.name] = checker.check(node, entry.shape, entry.name)
        }
      } else if let fallback = entry.fallback {
        head.values[entry.name] = fallback
        defaults.append((entry.name, fallback))
        if entry.name == "seeds" { head.seeds = Seeds.fallback }
      } else if entry.isRequired {
        checker.report(root.place, "the manifest needs the key '\(entry.name)'")
      }
    }
    head.family = (head.values["model"]?.string ?? modelNearby).flatMap(schema.family)
    return head
  }

  /// The model that a misspelt one was meant to be, as its error suggests: its fields are checked.
  private var modelNearby: String? {
    root["model"]?.scalar?.string.flatMap {
      Suggestion.nearest(to: $0, among: schema.families.map(\.name))
    }
  }

  /// Reports overrides of parameters which the sweep sets anyway.
  private mutating func refuseOverriding(_ axes: [Axis]) {
    let swept = axes.flatMap(\.paths)
    for override in overrides {
      let path = override.keys.joined(separator: ".")
      for axis in swept where path == axis || path.hasPrefix(axis + ".") {
        let key = root["zip"]?.entry(axis) == nil ? "sweep" : "zip"
        checker.report(override.place, "\(axis) is swept; set \(key).\(axis) instead")
      }
    }
  }
}
