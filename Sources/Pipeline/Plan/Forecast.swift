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

  package init(_ plan: Plan, _ store: Store) {
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
      if let record = store.record(for: Digest(of: key.preimage)),
        plan.isDone(stage, record, store)
      {
        contents[stage] = StageKey.content(
          names: plan.kind(of: stage).outputs, outputs: record.outputs.map(\.digest))
        fates.append(.cached)
      } else {
        fates.append(.runs)
      }
    }
  }
}
