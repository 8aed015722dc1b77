import Canonical
import Storage

/// Why the stages of a plan would be executed that would: those of one kind with one reason
/// together.
package struct Reasons: Sendable {
  package struct Group: Sendable {
    /// The kind's name.
    package let kind: String
    /// What a person needs to know, a sentence each; contents and seeds are not told apart.
    package let reasons: [String]
    /// The stages, in the plan's order.
    package internal(set) var stages: [Int]
  }

  /// In the order in which the plan has the first stage of each.
  package private(set) var groups: [Group] = []
  /// How many stages of each kind wait for those, in the catalog's order.
  package private(set) var waiting: [(kind: String, count: Int)] = []

  /// The reasons of all stages that are not cached.
  package init(_ plan: Plan, _ store: Store) {
    var explainer = Explainer(plan, store, Forecast(plan, store))
    self.init(of: plan.stages.indices, &explainer)
  }

  /// The reasons of some stages.
  package init(of stages: some Sequence<Int>, _ explainer: inout Explainer) {
    let (plan, forecast) = (explainer.plan, explainer.forecast)
    var places: [[String]: Int] = [:]
    var counts = [Int](repeating: 0, count: plan.catalog.kinds.count)
    for stage in stages where forecast.fates[stage] != .cached {
      if forecast.fates[stage] == .unknown {
        counts[plan.stages[stage].kind] += 1
        continue
      }
      let kind = plan.kind(of: stage).name
      let reasons = explainer.explanation(of: stage).reasons
      if let place = places[[kind] + reasons] {
        groups[place].stages.append(stage)
      } else {
        places[[kind] + reasons] = groups.count
        groups.append(Group(kind: kind, reasons: reasons, stages: [stage]))
      }
    }
    waiting = counts.enumerated().filter { $0.element > 0 }
      .map { (plan.catalog.kinds[$0.offset].name, $0.element) }
  }
}

extension Explanation {
  /// Why the stage would run, without what differs from one stage to the next for the same reason.
  fileprivate var reasons: [String] {
    switch self {
    case .cached: []
    case .blobsMissing(_, let outputs):
      ["the cache has lost its output \(outputs.joined(separator: ", "))"]
    case .neverRun: ["no stage of its kind was ever run here"]
    case .differs(_, let differences): differences.map(\.reason)
    case .waits: ["stages before it have to run first"]
    }
  }
}

extension Explanation.Difference {
  fileprivate var reason: String {
    switch self {
    case .seed: "a seed that was not run"
    case .input(let kind, _, _, _, let causes):
      "input \(kind): another content"
        + (causes.isEmpty
          ? ""
          : ", since "
            + causes.map { "\($0.kind) has \($0.difference.reason)" }.joined(separator: "; "))
    default: description
    }
  }
}
