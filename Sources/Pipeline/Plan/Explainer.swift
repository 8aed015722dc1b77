import Canonical
import Storage

/// Explains stages of one plan against the records of one store, which are read once for all of them.
package struct Explainer {
  struct Known {
    let record: Record
    let key: StageKey
  }

  /// Two sets of parameters of one kind.
  private struct Pair: Hashable {
    let recorded: Digest
    let now: Digest
  }

  package let plan: Plan
  let store: Store
  let forecast: Forecast
  /// The records of each kind, in the order of their keys.
  private var records: [String: [Known]] = [:]
  /// The record that put a content out.
  private(set) var makers: [Digest: Known] = [:]
  private var compared: [Pair: [Explanation.Difference]] = [:]

  package init(_ plan: Plan, _ store: Store, _ forecast: Forecast) {
    (self.plan, self.store, self.forecast) = (plan, store, forecast)
    let outputs = Dictionary(
      plan.catalog.kinds.map { ($0.name, $0.outputs) }, uniquingKeysWith: { first, _ in first })
    for record in store.records() {
      guard let key = StageKey(preimage: record.preimage) else { continue }
      let known = Known(record: record, key: key)
      records[key.kind, default: []].append(known)
      guard let names = outputs[key.kind], names.count == record.outputs.count else { continue }
      let content = StageKey.content(names: names, outputs: record.outputs.map(\.digest))
      if record.time >= makers[content]?.record.time ?? .min { makers[content] = known }
    }
  }

  /// Why the stage at `stage` of the plan would be executed, or why not.
  package mutating func explanation(of stage: Int) -> Explanation {
    guard let key = forecast.keys[stage] else {
      let needed = plan.needed(for: [stage])
      return .waits(for: plan.stages.indices.filter { needed[$0] && forecast.fates[$0] == .runs })
    }
    if let record = store.record(for: Digest(of: key.preimage)) {
      let names = zip(plan.kind(of: stage).outputs, record.outputs)
      let gone = names.filter { !store.contains($0.1) }.map(\.0)
      return gone.isEmpty || plan.isDone(stage, record, store)
        ? .cached(record) : .blobsMissing(record, outputs: gone)
    }
    guard let nearest = nearest(to: key, of: stage) else { return .neverRun }
    return .differs(from: nearest.record, differences(nearest.key, key, of: stage))
  }

  /// The record that differs least: in itself, then in what its inputs were made from, then the
  /// newest.
  private mutating func nearest(to key: StageKey, of stage: Int) -> Known? {
    nearest(to: key, of: stage, among: records[key.kind] ?? [])
  }

  mutating func nearest(to key: StageKey, of stage: Int, among candidates: [Known]) -> Known? {
    var best: (known: Known, own: Int, before: Int)?
    for known in candidates {
      let own = count(known.key, key, plan.parameters(of: stage))
      guard own <= best?.own ?? .max else { continue }
      let before = countBefore(known.key, key, of: stage)
      if let best, own == best.own,
        before > best.before || before == best.before && known.record.time <= best.known.record.time
      {
        continue
      }
      best = (known, own, before)
    }
    return best?.known
  }

  /// In how many things two keys of one kind differ.
  private mutating func count(_ old: StageKey, _ new: StageKey, _ parameters: ParameterSet) -> Int {
    var count = 0
    if old.version != new.version { count += 1 }
    if old.numerics != new.numerics { count += 1 }
    if old.seed != new.seed { count += 1 }
    if old.parameters != new.parameters { count += differences(old.parameters, parameters).count }
    for place in 0..<max(old.inputs.count, new.inputs.count)
    where old.inputs[at: place] != new.inputs[at: place] { count += 1 }
    return count
  }

  /// In how many things the makers of inputs that differ do so.
  private mutating func countBefore(_ old: StageKey, _ new: StageKey, of stage: Int) -> Int {
    var count = 0
    for (taken, (before, after)) in zip(plan.taken(by: stage), zip(old.inputs, new.inputs))
    where before != after {
      guard let (maker, input, key) = source(before, taken) else { continue }
      count += self.count(maker.key, key, plan.parameters(of: input))
    }
    return count
  }

  /// What made a recorded input, and the stage that takes its place now with its key.
  private func source(
    _ input: StageKey.Input, _ taken: Plan.Taken
  ) -> (maker: Known, stage: Int, key: StageKey)? {
    guard !taken.isList, let maker = makers[input.content], maker.key.kind == input.kind
    else { return nil }
    let now = Int(taken.stages.first!)
    return forecast.keys[now].map { (maker, now, $0) }
  }

  private mutating func differences(
    _ old: StageKey, _ new: StageKey, of stage: Int
  ) -> [Explanation.Difference] {
    var differences: [Explanation.Difference] = []
    if old.version != new.version {
      differences.append(.version(recorded: old.version, now: new.version))
    }
    if old.numerics != new.numerics {
      differences.append(.numerics(recorded: old.numerics, now: new.numerics))
    }
    if old.parameters != new.parameters {
      differences += self.differences(old.parameters, plan.parameters(of: stage))
    }
    if old.seed != new.seed { differences.append(.seed(recorded: old.seed, now: new.seed)) }
    let taken = plan.taken(by: stage)
    for place in 0..<max(old.inputs.count, new.inputs.count) {
      let (before, after) = (old.inputs[at: place], new.inputs[at: place])
      guard before != after else { continue }
      let (runs, causes) =
        if let before, let taken = taken[at: place] { origin(before, taken) } else { (nil, []) }
      differences.append(
        .input(
          kind: (after ?? before)!.kind, recorded: before?.content, now: after?.content,
          in: runs, because: causes))
    }
    return differences
  }

  /// In which runs an input is not the recorded one, and why it is not.
  private mutating func origin(
    _ recorded: StageKey.Input, _ taken: Plan.Taken
  ) -> (Explanation.Runs?, [Explanation.Cause]) {
    if taken.isList { return runs(recorded, taken) }
    guard let (maker, now, key) = source(recorded, taken) else { return (nil, []) }
    return (nil, causes(maker.key, key, of: now))
  }

  /// What the maker of a recorded input and the one of now were made from, back to what is no input.
  mutating func causes(
    _ recorded: StageKey, _ key: StageKey, of stage: Int
  ) -> [Explanation.Cause] {
    var causes: [Explanation.Cause] = []
    for difference in differences(recorded, key, of: stage) {
      var found = [Explanation.Cause(kind: key.kind, difference: difference)]
      if case .input(_, _, _, _, let before) = difference, !before.isEmpty { found = before }
      for cause in found where !causes.contains(cause) { causes.append(cause) }
    }
    return causes
  }

  /// In what recorded parameters differ from those of now; each pair is compared once.
  private mutating func differences(
    _ old: Digest, _ new: ParameterSet
  ) -> [Explanation.Difference] {
    let pair = Pair(recorded: old, now: new.digest)
    if let known = compared[pair] { return known }
    var differences = [Explanation.Difference.parameters]
    if let bytes = try? store.read(contentOf: old), let before = ParameterSet.entries(bytes),
      let after = ParameterSet.entries(new.bytes)
    {
      let recorded = Dictionary(uniqueKeysWithValues: before.map { ($0.path, $0.value) })
      let now = Dictionary(uniqueKeysWithValues: after.map { ($0.path, $0.value) })
      differences = Explainer.differences(recorded, now)
    }
    compared[pair] = differences
    return differences
  }

  /// The entries that are not the same; of maps, such as figures, the entries inside of them.
  private static func differences(
    _ old: [String: Value], _ new: [String: Value], under prefix: String = ""
  ) -> [Explanation.Difference] {
    Set(old.keys).union(new.keys).sorted().flatMap { key -> [Explanation.Difference] in
      if old[key] == new[key] { return [] }
      if case .map(let before) = old[key], case .map(let after) = new[key] {
        return differences(before, after, under: "\(prefix)\(key).")
      }
      return [.parameter(path: prefix + key, recorded: old[key], now: new[key])]
    }
  }
}

extension Array {
  /// The element at a place; nil past the end.
  fileprivate subscript(at place: Int) -> Element? { place < count ? self[place] : nil }
}
