import Canonical
import Storage

/// What carrying a plan out would do, as far as the store can tell.
package struct Forecast: Sendable {
  package enum Fate: Sendable {
    /// Its outputs are in the store.
    case cached
    /// Its key is known, and its outputs are not in the store.
    case runs
    /// Its key depends on outputs that do not exist yet.
    case unknown
  }

  package private(set) var fates: [Fate]
  /// The keys of the stages whose inputs' contents are known.
  package private(set) var keys: [StageKey?]
  /// What the cached stages put out.
  let contents: [Digest?]

  package init(_ plan: Plan, _ store: Store) {
    self.init(plan) { stage, key in
      store.record(for: key).flatMap { plan.isDone(stage, $0, store) ? $0 : nil }
    }
  }

  /// - Parameter record: what is recorded of a stage under a key, where that will do.
  package init(_ plan: Plan, record: (_ stage: Int, _ key: Digest) -> Record?) {
    fates = []
    keys = []
    var contents = [Digest?](repeating: nil, count: plan.stages.count)
    for stage in plan.stages.indices {
      guard plan.inputs(of: stage).allSatisfy({ contents[Int($0)] != nil }) else {
        fates.append(.unknown)
        keys.append(nil)
        continue
      }
      let key = plan.key(of: stage, contents)
      keys.append(key)
      if let record = record(stage, Digest(of: key.preimage)) {
        contents[stage] = StageKey.content(
          names: plan.kind(of: stage).outputs, outputs: record.outputs.map(\.digest))
        fates.append(.cached)
      } else {
        fates.append(.runs)
      }
    }
    self.contents = contents
  }
}
