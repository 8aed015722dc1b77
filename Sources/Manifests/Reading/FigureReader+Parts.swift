import Canonical

/// What only some figures have: indices, a chosen run, reference lines.
extension FigureReader {
  /// The indices of the metrics, which must have the same; empty where they are single numbers.
  mutating func readIndices(of metrics: [String]) -> [String] {
    let all = metrics.map { context.family.metric(named: $0)?.indices ?? [] }
    if let other = all.firstIndex(where: { $0 != all[0] }) {
      report("y", ".y: \(metrics[0]) and \(metrics[other]) have different indices")
    }
    return all.first ?? []
  }

  /// The run that is drawn: as given, or the first where only one can be.
  mutating func readSeed(
    _ kind: Figure.Kind, _ statistic: Claim.Statistic?, _ indices: [String]
  ) -> Int? {
    let isSingle = kind == .graph || kind == .heatmap && !indices.isEmpty && statistic == nil
    guard let seeds = context.seeds else { return nil }
    let first = isSingle ? seeds.first { _ in true } : nil
    guard let seed = value["seed"]?.integer else { return first }
    if statistic != nil { report("seed", ".seed: one run has no statistic") }
    if !seeds.contains(seed) {
      // Other seeds on the command line leave the figure, of another run.
      if context.isOverridden { return first ?? seeds.first { _ in true } }
      report("seed", ".seed: \(seed) is not among the seeds")
    }
    return seed
  }

  /// Where the indices stand that are on no axis; nil where there are none.
  mutating func readPlaces(
    _ kind: Figure.Kind, _ indices: [String], _ taken: [String]
  ) -> [IndexPlace]? {
    let given = value["at"]?.map ?? [:]
    let known = kind == .graph ? [context.family.graphIndex].compactMap(\.self) : indices
    for index in given.keys.sorted() {
      if !known.contains(index) {
        report("at", ".at: the metric has no index \(index)")
      } else if taken.contains(index) {
        report("at", ".at: \(index) is already on an axis or under by")
      }
    }
    if kind == .graph {
      return given.sorted { $0.key < $1.key }
        .map { IndexPlace(index: $0.key, place: $0.value.integer) }
    }
    guard !indices.isEmpty else { return nil }
    return indices.filter { !taken.contains($0) }.sorted().map { index in
      if given[index] == nil, index != "iteration" {
        report("at", " needs \(index) on an axis, under by or under at")
      }
      return IndexPlace(index: index, place: given[index]?.integer)
    }
  }

  /// What the legend calls metrics.
  mutating func readLegend(_ metrics: [String]) -> [String: String] {
    let given = value["legend"]?.map ?? [:]
    for metric in given.keys.sorted() where !metrics.contains(metric) {
      report("legend", ".legend: \(metric) is not under y")
    }
    return given.compactMapValues(\.string)
  }

  /// Where the values of metrics lie that have a band which could reach beyond.
  func bounds(_ metrics: [String], _ band: Figure.Band) -> [String: Bounds] {
    guard band == .std else { return [:] }
    let bounds = metrics.compactMap { name in
      context.family.metric(named: name).map { (name, $0.bounds) }
    }
    return Dictionary(bounds) { $1 }.filter { $0.value != .any }
  }

  mutating func readLines(
    _ abscissa: Figure.Abscissa, _ metrics: [String]
  ) -> [ReferenceLine] {
    (value["lines"]?.list ?? []).flatMap { entry -> [ReferenceLine] in
      let label = entry["label"]?.string
      if let says = entry["claim"]?.string { return thresholds(says, label, abscissa, metrics) }
      let law = ReferenceLine.Law(entry)
      if (law == nil) != (entry["through"] == nil) {
        report("lines", ".lines: through is a point of power, log-power or exponential")
      }
      if case .logPower = law, let x = entry["through"]?.list?.first?.double, x <= 1 {
        report("lines", ".lines: a power of ln x goes through a point with x > 1")
      }
      return ReferenceLine(entry).map { [$0] } ?? []
    }
  }

  /// The thresholds of the claim that says `says`, on the axis that shows its metric.
  private mutating func thresholds(
    _ says: String, _ label: String?, _ abscissa: Figure.Abscissa, _ metrics: [String]
  ) -> [ReferenceLine] {
    guard let claim = claims.first(where: { $0.says == says }) else {
      // A claim that is wrong itself, or makes no sense with what is set, is not missing.
      let written = context.claimTexts.contains(says)
      if !written { report("lines", ".lines: no claim says \(Node.quoted(says))") }
      return []
    }
    let isAcross = abscissa == .metric(claim.metric)
    if !isAcross, !metrics.contains(claim.metric) {
      report("lines", ".lines: the claim is about \(claim.metric), which is on no axis")
    }
    return claim.threshold.bounds.map { number, text in
      ReferenceLine(isAcross ? .vertical(number) : .horizontal(number), label: label ?? text)
    }
  }
}
