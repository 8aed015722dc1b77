import Pipeline

/// What became of each stage of a run, and how long each kind took.
struct Tally: Sendable {
  /// For each stage whether this run executed it; false where its outputs were there, or it did not
  /// come to an end.
  private(set) var executed: [Bool]
  /// For each stage whether its outputs were there.
  private(set) var reused: [Bool]
  /// For each kind of the catalog, how many stages were executed and in how many seconds.
  private(set) var kinds: [(executed: Int, seconds: Double)]
  private(set) var failed = 0
  /// For each stage whether its outputs were there, in a shared cache.
  private(set) var fetched: [Bool]
  private let plan: Plan

  init(_ plan: Plan) {
    self.plan = plan
    executed = .init(repeating: false, count: plan.stages.count)
    (reused, fetched) = (executed, executed)
    kinds = .init(repeating: (0, 0), count: plan.catalog.kinds.count)
  }

  mutating func note(_ event: Event) {
    switch event {
    case .found(let stage): reused[stage] = !executed[stage]
    case .fetched(let stage):
      (reused[stage], fetched[stage]) = (true, true)
    case .executed(let stage, let seconds):
      executed[stage] = true
      (reused[stage], fetched[stage]) = (false, false)
      kinds[plan.stages[stage].kind].executed += 1
      kinds[plan.stages[stage].kind].seconds += seconds
    case .failed, .nondeterministic: failed += 1
    default: break
    }
  }

  /// How many stages of an experiment were executed, and how many were there.
  func counts(of experiment: Int) -> (executed: Int, reused: Int) {
    let stages = Set(plan.experiments[experiment].stages.joined())
    return (stages.count { executed[Int($0)] }, stages.count { reused[Int($0)] })
  }
}
