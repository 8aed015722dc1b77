import Cluster
import Manifests
import Testing

@testable import Pipeline

@Suite struct ShardsTests {
  private func plan(_ lines: String...) throws -> Plan {
    let text = lines.joined(separator: "\n")
    return try Planner.plan([try Toy.manifest("toy", text)], Toy().catalog())
  }

  private func limits(_ seconds: Double, _ tasks: Int) -> Shards.Limits {
    var limits = Shards.Limits()
    (limits.seconds, limits.tasks) = (seconds, tasks)
    return limits
  }

  /// Every stage is in one task, and never before or beside a task that makes its inputs.
  private func check(_ shards: Shards, _ plan: Plan, _ stages: [Int], tasks: Int) {
    var places: [Int: (layer: Int, task: Int)] = [:]
    for (layer, batches) in shards.layers.enumerated() {
      #expect(batches.count <= tasks && !batches.isEmpty)
      for (task, batch) in batches.enumerated() {
        #expect(batch == batch.sorted() && !batch.isEmpty)
        for stage in batch { #expect(places.updateValue((layer, task), forKey: stage) == nil) }
      }
    }
    #expect(places.keys.sorted() == stages)
    for stage in stages {
      let (layer, task) = places[stage]!
      for input in plan.inputs(of: stage) {
        guard let place = places[Int(input)] else { continue }
        #expect(place.layer < layer || place == (layer, task))
      }
    }
  }

  @Test(arguments: [(1e9, 4), (1e-3, 1000), (1e-4, 3), (2e-3, 100)])
  func everyStageIsInOneTaskAfterItsInputs(seconds: Double, tasks: Int) throws {
    let plan = try plan("seeds: 1..7", "sweep: {data.size: [2, 4, 6], train.step: [0.1, 0.2]}")
    let all = Array(plan.stages.indices)
    for stages in [all, all.filter { $0 % 3 != 0 }, [all.last!], []] {
      check(Shards(plan, stages, limits(seconds, tasks)), plan, stages, tasks: tasks)
    }
  }

  @Test func littleWorkIsOneTaskALayer() throws {
    let plan = try plan("seeds: 1..7")
    let shards = Shards(plan, Array(plan.stages.indices), limits(5, 200))
    #expect(shards.layers.map(\.count) == [1, 1])
  }

  @Test func tasksAreOfAboutTheSameCost() throws {
    let plan = try plan("seeds: 1..100", "sweep: {data.size: [2, 4, 6, 8]}")
    let runs = plan.stages.indices.filter { plan.kind(of: $0).name != "summary" }
    let shards = Shards(plan, runs, limits(1e-3, 10))
    let sizes = shards.layers[0].map(\.count)
    #expect(sizes.count == 10 && sizes.max()! - sizes.min()! <= 8, "\(sizes)")
  }
}
