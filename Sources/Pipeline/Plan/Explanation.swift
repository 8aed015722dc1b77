import Canonical
import Manifests
import Storage

/// Why a stage would be executed, or why not.
package enum Explanation: Sendable {
  /// Its outputs are in the store.
  case cached(Record)
  /// There is a record of its key, but these outputs of it are gone or were damaged.
  case blobsMissing(Record, outputs: [String])
  /// No stage of its kind was ever recorded.
  case neverRun
  /// What differs from the nearest record of its kind.
  case differs(from: Record, [Difference])
  /// These stages before it have to be executed first; its own key depends on what they put out.
  case waits(for: [Int])

  package enum Difference: Hashable, Sendable, CustomStringConvertible {
    case version(recorded: Int, now: Int)
    case numerics(recorded: Int, now: Int)
    case parameter(path: String, recorded: Value?, now: Value?)
    /// The recorded parameters cannot be read any more.
    case parameters
    case seed(recorded: Int?, now: Int?)
    case input(kind: String, recorded: Digest?, now: Digest?)

    package var description: String {
      func text(_ value: Value?) -> String { value?.json() ?? "none" }
      func text(_ value: Int?) -> String { value.map(String.init) ?? "none" }
      return switch self {
      case .version(let old, let new): "stage version: \(old) -> \(new)"
      case .numerics(let old, let new): "version of the numerics: \(old) -> \(new)"
      case .parameter(let path, let old, let new):
        "parameter \(path): \(text(old)) -> \(text(new))"
      case .parameters: "parameters (the recorded ones are no longer in the store)"
      case .seed(let old, let new): "seed: \(text(old)) -> \(text(new))"
      case .input(let kind, let old, let new):
        "input \(kind): content \(old?.short ?? "none") -> \(new?.short ?? "none")"
      }
    }
  }

  /// Explains the stage at `stage` of the plan.
  package init(of stage: Int, _ plan: Plan, _ store: Store, _ forecast: Forecast) {
    guard let key = forecast.keys[stage] else {
      let needed = plan.needed(for: [stage])
      self = .waits(for: plan.stages.indices.filter { needed[$0] && forecast.fates[$0] == .runs })
      return
    }
    if let record = store.record(for: Digest(of: key.preimage)) {
      let names = zip(plan.kind(of: stage).outputs, record.outputs)
      let gone = names.filter { !store.contains($0.1) }.map(\.0)
      self =
        gone.isEmpty || plan.isDone(stage, record, store)
        ? .cached(record) : .blobsMissing(record, outputs: gone)
      return
    }
    self = Explanation.nearest(to: key, plan.parameters(of: stage), store)
  }

  /// Each set of recorded parameters is read and compared once, however many records have it.
  private static func nearest(
    to key: StageKey, _ parameters: ParameterSet, _ store: Store
  ) -> Explanation {
    var nearest: (record: Record, differences: [Difference])?
    var compared: [Digest: [Difference]] = [:]
    for record in store.records() {
      guard let other = StageKey(preimage: record.preimage), other.kind == key.kind else {
        continue
      }
      if other.parameters != key.parameters, compared[other.parameters] == nil {
        compared[other.parameters] = parameterDifferences(other.parameters, parameters, store)
      }
      let differences = differences(other, key, compared[other.parameters] ?? [])
      let best = nearest?.differences.count ?? .max
      if differences.count < best
        || (differences.count == best && record.time > nearest!.record.time)
      {
        nearest = (record, differences)
      }
    }
    return nearest.map { .differs(from: $0.record, $0.differences) } ?? .neverRun
  }

  private static func differences(
    _ old: StageKey, _ new: StageKey, _ parameters: [Difference]
  ) -> [Difference] {
    var differences: [Difference] = []
    if old.version != new.version {
      differences.append(.version(recorded: old.version, now: new.version))
    }
    if old.numerics != new.numerics {
      differences.append(.numerics(recorded: old.numerics, now: new.numerics))
    }
    differences += parameters
    if old.seed != new.seed { differences.append(.seed(recorded: old.seed, now: new.seed)) }
    for place in 0..<max(old.inputs.count, new.inputs.count) {
      let before = place < old.inputs.count ? old.inputs[place] : nil
      let after = place < new.inputs.count ? new.inputs[place] : nil
      if before != after {
        differences.append(
          .input(
            kind: (after ?? before)!.kind, recorded: before?.content, now: after?.content))
      }
    }
    return differences
  }

  private static func parameterDifferences(
    _ old: Digest, _ new: ParameterSet, _ store: Store
  ) -> [Difference] {
    guard let bytes = try? store.read(contentOf: old),
      let before = ParameterSet.entries(bytes), let after = ParameterSet.entries(new.bytes)
    else { return [.parameters] }
    let recorded = Dictionary(uniqueKeysWithValues: before.map { ($0.path, $0.value) })
    let now = Dictionary(uniqueKeysWithValues: after.map { ($0.path, $0.value) })
    return Set(recorded.keys).union(now.keys).sorted().compactMap { path in
      recorded[path] == now[path]
        ? nil : .parameter(path: path, recorded: recorded[path], now: now[path])
    }
  }
}
