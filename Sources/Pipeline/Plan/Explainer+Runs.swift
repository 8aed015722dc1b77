import Canonical
import Storage

extension Explainer {
  /// So many runs are compared with what was recorded; more would tell nothing new.
  private static let runLimit = 16

  /// Which runs' contents are not in the list that was recorded, and why they are not.
  ///
  /// A run is compared with the one that had its place, where that is gone too, else with the nearest
  /// of those that are gone.
  /// - Returns: nothing where the list is no longer in the store.
  mutating func runs(
    _ recorded: StageKey.Input, _ taken: Plan.Taken
  ) -> (Explanation.Runs?, [Explanation.Cause]) {
    guard let bytes = try? store.read(contentOf: recorded.content),
      let before = StageKey.contents(list: bytes)
    else { return (nil, []) }
    var left: [Digest: Int] = [:]
    for content in before { left[content, default: 0] += 1 }
    var others: [(place: Int, stage: Int)] = []
    for (place, stage) in taken.stages.map({ Int($0) }).enumerated() {
      let content = forecast.contents[stage]!
      if left[content, default: 0] > 0 {
        left[content]! -= 1
      } else {
        others.append((place, stage))
      }
    }
    let gone = before.filter { left[$0]! > 0 }
    let known = gone.prefix(Explainer.runLimit).compactMap { makers[$0] }
    var causes: [Explanation.Cause] = []
    for (place, stage) in others.prefix(min(gone.count, Explainer.runLimit)) {
      guard let key = forecast.keys[stage] else { continue }
      let own = place < before.count && left[before[place]]! > 0 ? makers[before[place]] : nil
      guard let maker = own ?? nearest(to: key, of: stage, among: known) else { continue }
      for cause in self.causes(maker.key, key, of: stage)
      where !causes.contains(where: { $0.isLike(cause) }) { causes.append(cause) }
    }
    let runs = Explanation.Runs(
      others: others.count, example: others.first.map { plan.address(of: $0.stage) },
      now: taken.stages.count, recorded: before.count)
    return (runs, causes)
  }
}

extension Explanation.Cause {
  /// Whether it is the same but for what differs from run to run.
  fileprivate func isLike(_ other: Explanation.Cause) -> Bool {
    guard kind == other.kind else { return false }
    switch (difference, other.difference) {
    case (.seed, .seed): return true
    case (.input(let kind, _, _, _, _), .input(let otherKind, _, _, _, _)):
      return kind == otherKind
    default: return difference == other.difference
    }
  }
}
