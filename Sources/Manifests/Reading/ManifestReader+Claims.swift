import Canonical

extension ManifestReader {
  mutating func readClaims(in context: AnalysisContext) -> [Claim] {
    var claims: [Claim] = []
    for (name, node, value) in readList("claims", Claim.shape(for: context.family)) {
      guard let claim = readClaim(name, node, value, in: context) else { continue }
      if !claims.contains(claim) {
        claims.append(claim)
      } else if !context.isOverridden {
        checker.report(node.place, "\(name) stands above, word for word")
      }
    }
    return claims
  }

  /// The claim; nil if something was wrong with it and is reported, or if it makes no sense
  /// with what is set on the command line.
  private mutating func readClaim(
    _ name: String, _ node: Node, _ value: Value, in context: AnalysisContext
  ) -> Claim? {
    let before = checker.diagnostics.count
    let (set, _) = readCells(of: node, name, in: context)
    let time = readTime(value["at"])
    checkTime(time, name, node, value, set, in: context)
    let threshold = readThreshold(name, node, value)
    if let threshold { checkThreshold(threshold, name, node, value, in: context) }
    let count = value["min-count"]?.integer
    if let count, let seeds = context.seeds, count > seeds.count {
      checker.report(
        node["min-count"]?.place ?? node.place,
        "\(name).min-count is \(count), but there are \(seeds.count) seeds")
    }
    guard checker.diagnostics.count == before else {
      if context.isOverridden { checker.forget(after: before) }
      return nil
    }
    guard let threshold, let says = value["says"]?.string, let metric = value["metric"]?.string
    else { return nil }
    let statistic = value["statistic"]?.string.flatMap(Claim.Statistic.init) ?? .mean
    return Claim(
      says: says, metric: metric, time: time, statistic: statistic, threshold: threshold,
      cells: set?.conditions ?? [], minimumCount: count)
  }

  private func readTime(_ value: Value?) -> Claim.Time {
    if let iteration = value?.integer { return .iteration(iteration) }
    guard let from = value?["from"]?.integer else { return .final }
    return .window(from: from, to: value?["to"]?.integer)
  }

  private mutating func checkTime(
    _ time: Claim.Time, _ name: String, _ node: Node, _ value: Value, _ set: CellSet?,
    in context: AnalysisContext
  ) {
    let place = node["at"]?.place ?? node.place
    let horizon = context.horizon(of: set)
    var (first, last): (Int?, Int?)
    switch time {
    case .final: break
    case .iteration(let iteration): (first, last) = (iteration, iteration)
    case .window(let from, let to):
      (first, last) = (to == nil ? nil : from, to ?? from)
      if from >= to ?? horizon ?? .max {
        checker.report(place, "\(name).at must start before it ends")
        first = nil
      }
    }
    if let last, let horizon, last > horizon {
      checker.report(place, "\(name).at is \(last), but training ends at iteration \(horizon)")
    } else if let first, let last,
      let (before, after) = context.records(missing: first...last, in: set)
    {
      let stated = first == last ? "\(first)" : "from \(first) to \(last)"
      checker.report(
        place,
        "\(name).at is \(stated), but nothing is recorded there; the nearest are \(before) and "
          + "\(after)")
    }
    let isWindow = if case .window = time { true } else { false }
    if value["statistic"] == "slope", !isWindow {
      checker.report(
        node["statistic"]?.place ?? node.place, "\(name): a slope needs 'at: {from: …, to: …}'")
    }
  }

  /// Reports a threshold that no value of the metric can satisfy.
  private mutating func checkThreshold(
    _ threshold: Claim.Threshold, _ name: String, _ node: Node, _ value: Value,
    in context: AnalysisContext
  ) {
    guard let metric = value["metric"]?.string.flatMap(context.family.metric(named:)) else {
      return
    }
    let statistic = value["statistic"]?.string.flatMap(Claim.Statistic.init) ?? .mean
    let bounds = statistic.bounds(of: metric.bounds)
    guard !threshold.canHold(in: bounds) else { return }
    checker.report(
      node[threshold.name]?.place ?? node.place,
      "\(name) cannot hold: the \(statistic.rawValue) of \(metric.name) is \(bounds.noun)")
  }

  private mutating func readThreshold(
    _ name: String, _ node: Node, _ value: Value
  ) -> Claim.Threshold? {
    if let bound = value["at-least"]?.double { return .atLeast(bound) }
    if let bound = value["at-most"]?.double { return .atMost(bound) }
    if let number = value["equals"]?.double { return .equals(number) }
    guard let ends = value["between"]?.list?.compactMap(\.double), ends.count == 2 else {
      return nil
    }
    if ends[0] > ends[1] {
      checker.report(
        node["between"]?.place ?? node.place, "\(name).between has its ends in the wrong order")
    }
    return .between(ends[0], ends[1])
  }
}
