import Pipeline

/// Unfinished stages divided into the tasks of a cluster, in layers that follow one another.
///
/// What belongs together stays together: a connected component, such as all stages of one cell and
/// seed, is one task's, so no task waits for another of its layer. Only a component that is too
/// long for one task, and has parallel parts, gives its first stages to a layer of their own. Stages
/// that see a whole experiment come last.
package struct Shards: Equatable {
  /// Each layer's tasks; each task's stages, in the plan's order.
  package private(set) var layers: [[[Int]]] = []

  private let plan: Plan
  private let costs: [Double]

  /// How tasks are cut.
  package struct Limits: Sendable {
    /// A task takes about so many seconds, since each costs the scheduler half of one.
    package var seconds = 5.0
    /// The most tasks of a layer.
    package var tasks = 200

    package init() {}
  }

  package init(_ plan: Plan, _ stages: [Int], _ limits: Limits) {
    self.plan = plan
    costs = plan.costs
    var rest = stages
    while !rest.isEmpty {
      let runs = rest.filter { plan.kind(of: $0).scope == .run }
      let layer = runs.isEmpty ? rest : runs
      let target = max(limits.seconds, cost(layer) / Double(limits.tasks))
      let units = components(of: layer).flatMap { parts(of: $0, target) }
      layers.append(batches(units, min(limits.tasks, Int((cost(layer) / target).rounded(.up)))))
      let taken = Set(units.joined())
      rest.removeAll { taken.contains($0) }
    }
  }

  package static func == (left: Shards, right: Shards) -> Bool { left.layers == right.layers }

  private func cost(_ stages: [Int]) -> Double { stages.reduce(0) { $0 + costs[$1] } }

  /// The connected components of `stages` by the inputs among them, by their first stages.
  private func components(of stages: [Int]) -> [[Int]] {
    var leaders = Dictionary(uniqueKeysWithValues: stages.map { ($0, $0) })
    func leader(_ stage: Int) -> Int {
      var stage = stage
      while let above = leaders[stage], above != stage {
        leaders[stage] = leaders[above]
        stage = above
      }
      return stage
    }
    for stage in stages {
      for input in plan.inputs(of: stage) where leaders[Int(input)] != nil {
        let (left, right) = (leader(Int(input)), leader(stage))
        leaders[max(left, right)] = min(left, right)
      }
    }
    return Dictionary(grouping: stages, by: leader).sorted { $0.key < $1.key }.map(\.value)
  }

  /// A component as one unit; the stages it starts with, a unit each, where it is too long and
  /// more than half of it can be done at the same time.
  private func parts(of component: [Int], _ target: Double) -> [[Int]] {
    guard cost(component) > target, longestPath(component) < cost(component) / 2 else {
      return [component]
    }
    let members = Set(component)
    return component.filter { stage in
      plan.inputs(of: stage).allSatisfy { !members.contains(Int($0)) }
    }.map { [$0] }
  }

  private func longestPath(_ stages: [Int]) -> Double {
    var lengths: [Int: Double] = [:]
    for stage in stages {
      let before = plan.inputs(of: stage).compactMap { lengths[Int($0)] }.max() ?? 0
      lengths[stage] = before + costs[stage]
    }
    return lengths.values.max() ?? 0
  }

  /// The units in `count` batches of about the same cost: the most expensive unit first, each to
  /// the batch that has least.
  private func batches(_ units: [[Int]], _ count: Int) -> [[Int]] {
    let count = max(1, min(count, units.count))
    let sorted = units.map { (cost($0), $0) }.sorted { ($0.0, -$0.1[0]) > ($1.0, -$1.1[0]) }
    var loads = [Double](repeating: 0, count: count)
    var batches = [[Int]](repeating: [], count: count)
    for (cost, unit) in sorted {
      let least = loads.indices.min { (loads[$0], $0) < (loads[$1], $1) }!
      loads[least] += cost
      batches[least] += unit
    }
    return batches.map { $0.sorted() }
  }
}
