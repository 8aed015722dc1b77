import Canonical
import Glibc
import Storage

/// How long a run will still take, by what its stages took so far, and before.
///
/// Stages of one kind with the same parameters take about as long; where none of them has run, they
/// are taken to last as their declared cost, in the proportion in which others of the kind did. A
/// pure value: the times of events are given.
package struct TimeLeft: Sendable {
  /// Stages that are taken to last equally long.
  private struct Group {
    let kind: Int
    /// The declared cost of one stage, in seconds.
    let cost: Double
    /// What one took before; nil where none is recorded.
    var recorded: Double?
    var left = 0
    var executed = 0
    var seconds = 0.0

    /// What one takes; nil where none has run.
    var known: Double? { executed > 0 ? seconds / Double(executed) : recorded }
  }

  /// What is told is at least half known, or this share of the work is done, or so many seconds have
  /// gone: what runs first is the longest, and says little of the rest.
  private static let (share, patience) = (0.05, 60.0)
  /// What lies so many seconds back counts half for the pace.
  private static let memory = 10.0

  /// For each set of parameters of the plan its stages.
  private var groups: [Group]
  private let groupOf: [Int]
  private let isWanted: [Bool]
  /// When the stages at work began.
  private var running: [Int: Double] = [:]
  /// When the first stage began.
  private var began: Double?
  /// The seconds of the stages that are done.
  private var spent = 0.0
  /// The seconds that have gone and those of the stages that were done in them, lately.
  private var lately = (time: 0.0, work: 0.0)
  /// When the last stage ended.
  private var last = 0.0

  package init(_ plan: Plan, wanted: [Bool]) {
    isWanted = wanted
    groupOf = plan.stages.map(\.parameters)
    groups = plan.parameterSets.map { _ in Group(kind: 0, cost: 0) }
    let costs = plan.costs
    var seen = [Bool](repeating: false, count: groups.count)
    for stage in plan.stages.indices {
      let group = groupOf[stage]
      if !seen[group] {
        groups[group] = Group(kind: plan.stages[stage].kind, cost: max(costs[stage], 1e-9))
        seen[group] = true
      }
      if wanted[stage] { groups[group].left += 1 }
    }
  }

  /// Takes in what stages of the same kinds and parameters took before, as the store has it.
  package mutating func recall(_ plan: Plan, _ store: Store) {
    struct Name: Hashable {
      let kind: String
      let parameters: Digest
    }
    var sums: [Name: (count: Double, seconds: Double)] = [:]
    for record in store.records() {
      guard let kind = StageKey(preimage: record.preimage)?.kind else { continue }
      let name = Name(kind: kind, parameters: record.details.digest)
      let sum = sums[name] ?? (0, 0)
      sums[name] = (sum.count + 1, sum.seconds + record.seconds)
    }
    for group in groups.indices {
      let name = Name(
        kind: plan.catalog.kinds[groups[group].kind].name,
        parameters: plan.parameterSets[group].digest)
      groups[group].recorded = sums[name].map { $0.seconds / $0.count }
    }
  }

  /// Notes what happened, and when: in seconds since some moment.
  package mutating func note(_ event: Event, at time: Double) {
    switch event {
    case .started(let stage):
      began = began ?? time
      running[stage] = time
    case .executed(let stage, let seconds):
      end(stage)
      groups[groupOf[stage]].executed += 1
      groups[groupOf[stage]].seconds += seconds
      spent += seconds
      let gone = time - max(last, began ?? time)
      let weight = exp2(-gone / TimeLeft.memory)
      lately = (lately.time * weight + gone, lately.work * weight + seconds)
      last = time
    case .found(let stage), .fetched(let stage), .failed(let stage, _),
      .nondeterministic(let stage, _, _):
      end(stage)
    case .damaged(let stage), .distant(let stage):
      if isWanted[stage] { groups[groupOf[stage]].left += 1 }
    case .began, .elsewhere, .notice: break
    }
  }

  private mutating func end(_ stage: Int) {
    running[stage] = nil
    if isWanted[stage] { groups[groupOf[stage]].left -= 1 }
  }

  /// The seconds left at a time; nil as long as too little is known.
  package func seconds(at time: Double) -> Double? {
    guard let began, time > began, spent > 0 else { return nil }
    let rates = rates
    var (known, guessed) = (0.0, 0.0)
    for group in groups where group.left > 0 {
      if let one = group.known {
        known += one * Double(group.left)
      } else {
        guessed += rates[group.kind] * group.cost * Double(group.left)
      }
    }
    var work = lately.work
    for (stage, start) in running {
      let group = groups[groupOf[stage]]
      let one = group.known ?? rates[group.kind] * group.cost
      work += time - start
      // What a stage has done is not left; one that takes longer than was thought is about to end.
      let done = min(time - start, one)
      if group.known == nil { guessed -= done } else { known -= done }
    }
    let rest = max(known + guessed, 0)
    guard
      known >= guessed || spent >= TimeLeft.share * (spent + rest)
        || time - began >= TimeLeft.patience
    else { return nil }
    // As many stages at a time as there were lately; many short ones leave gaps.
    return rest * (lately.time + time - max(last, began)) / work
  }

  /// For each kind what its stages took by what they were declared to cost; where none is known, what
  /// those of all others took.
  ///
  /// The mean over sets of parameters is that of the roots, squared: a few long ones do not stand for
  /// all, and are not forgotten.
  private var rates: [Double] {
    var sums: [Int: (count: Double, roots: Double)] = [:]
    var all = (count: 0.0, roots: 0.0)
    for group in groups {
      guard let known = group.known else { continue }
      let root = (known / group.cost).squareRoot()
      let sum = sums[group.kind] ?? (0, 0)
      sums[group.kind] = (sum.count + 1, sum.roots + root)
      all = (all.count + 1, all.roots + root)
    }
    return (0...(groups.map(\.kind).max() ?? 0)).map { kind in
      let mean = sums[kind] ?? all
      return mean.count == 0 ? 1 : (mean.roots / mean.count) * (mean.roots / mean.count)
    }
  }
}
