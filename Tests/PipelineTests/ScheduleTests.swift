import Canonical
import TestSupport
import Testing

@testable import Pipeline

/// The schedule, stepped without any concurrency.
@Suite struct ScheduleTests {
  /// Random directed graphs of stages; some inputs are taken twice.
  private static func plan(_ source: inout SplitMix, stages: Int = 30) -> Plan {
    let kinds = (0..<4).map { number in
      StageKind(
        "kind\(number)", version: 1, scope: .run, outputs: ["out"],
        cost: { _ in Double(number) + 0.5 },
        run: { _ in [] })
    }
    var plan = Plan(catalog: Catalog(kinds: kinds, schema: Toy.schema, numerics: 1))
    let sets = kinds.map { plan.add(ParameterSet([("name", .string($0.name))])) }
    for stage in 0..<stages {
      let kind = Int.random(in: 0..<4, using: &source)
      let inputs = (0..<Int.random(in: 0...3, using: &source)).compactMap { _ in
        stage > 0 ? Int32.random(in: 0..<Int32(stage), using: &source) : nil
      }
      _ = plan.add(kind: kind, parameters: sets[kind], seed: stage, inputs: inputs)
    }
    return plan
  }

  private static func all(_ plan: Plan) -> [Bool] {
    .init(repeating: true, count: plan.stages.count)
  }

  /// The seconds of the longest path from each stage on, as its definition says.
  private static func lengths(_ plan: Plan) -> [Double] {
    var lengths = [Double](repeating: 0, count: plan.stages.count)
    for stage in plan.stages.indices.reversed() {
      let later = plan.stages.indices.filter { plan.inputs(of: $0).contains(Int32(stage)) }
      lengths[stage] =
        Double(plan.stages[stage].kind) + 0.5 + (later.map { lengths[$0] }.max() ?? 0)
    }
    return lengths
  }

  @Test func everyStageFinishesOnceAndAfterItsInputs() {
    var source = SplitMix(state: 1)
    for _ in 0..<200 {
      let plan = ScheduleTests.plan(&source)
      var schedule = Schedule(plan, wanted: ScheduleTests.all(plan))
      var order: [Int] = []
      func finish(_ stage: Int) {
        #expect(plan.inputs(of: stage).allSatisfy { schedule.states[Int($0)] == .finished })
        schedule.finish(stage)
        order.append(stage)
      }
      var running: [Int] = []
      repeat {
        while let stage = schedule.nextReady() {
          if Bool.random(using: &source) { finish(stage) } else { schedule.miss(stage) }
        }
        while running.count < 3, let stage = schedule.nextMissing() { running.append(stage) }
        if !running.isEmpty {
          finish(running.remove(at: running.indices.randomElement(using: &source)!))
        }
      } while !running.isEmpty || schedule.hasWork
      #expect(order.sorted() == Array(plan.stages.indices))
      #expect(schedule.states.allSatisfy { $0 == .finished })
    }
  }

  @Test func theLongestPathComesFirst() {
    var source = SplitMix(state: 2)
    for _ in 0..<100 {
      let plan = ScheduleTests.plan(&source)
      let lengths = ScheduleTests.lengths(plan)
      var schedule = Schedule(plan, wanted: ScheduleTests.all(plan))
      while schedule.hasWork {
        while let stage = schedule.nextReady() { schedule.miss(stage) }
        let waiting = plan.stages.indices.filter { schedule.states[$0] == .missing }
        guard let stage = schedule.nextMissing() else { break }
        #expect(abs(lengths[stage] - waiting.map { lengths[$0] }.max()!) < 1e-9)
        schedule.finish(stage)
      }
      #expect(schedule.states.allSatisfy { $0 == .finished })
    }
  }

  @Test func aFailureBlocksExactlyWhatDependsOnIt() {
    var source = SplitMix(state: 3)
    for _ in 0..<100 {
      let plan = ScheduleTests.plan(&source)
      let broken = Set((0..<3).map { _ in plan.stages.indices.randomElement(using: &source)! })
      var schedule = Schedule(plan, wanted: ScheduleTests.all(plan))
      while schedule.hasWork {
        while let stage = schedule.nextReady() { schedule.miss(stage) }
        guard let stage = schedule.nextMissing() else { break }
        if broken.contains(stage) { schedule.fail(stage) } else { schedule.finish(stage) }
      }
      for stage in plan.stages.indices {
        let before = plan.needed(for: [stage]).indices.filter {
          $0 != stage && plan.needed(for: [stage])[$0]
        }
        let expected: Schedule.State =
          before.contains(where: broken.contains)
          ? .blocked : broken.contains(stage) ? .failed : .finished
        #expect(schedule.states[stage] == expected)
      }
    }
  }

  @Test func whatIsNotWantedStaysIdle() {
    var source = SplitMix(state: 4)
    for _ in 0..<100 {
      let plan = ScheduleTests.plan(&source)
      let wanted = plan.needed(for: [plan.stages.indices.randomElement(using: &source)!])
      var schedule = Schedule(plan, wanted: wanted)
      while let stage = schedule.nextReady() { schedule.finish(stage) }
      #expect(schedule.states == wanted.map { $0 ? .finished : .idle })
    }
  }

  /// Inputs are lost at random, as often as it pleases chance; failures come in between.
  @Test(arguments: [0.0, 0.1])
  func lossesKeepTheCountsRight(failing: Double) {
    var source = SplitMix(state: 5)
    for _ in 0..<300 {
      let plan = ScheduleTests.plan(&source)
      var schedule = Schedule(plan, wanted: ScheduleTests.all(plan))
      var losses = 40
      var running: [Int] = []
      repeat {
        while let stage = schedule.nextReady() {
          if Bool.random(using: &source) { schedule.finish(stage) } else { schedule.miss(stage) }
        }
        while running.count < 3, let stage = schedule.nextMissing() { running.append(stage) }
        guard let place = running.indices.randomElement(using: &source) else { continue }
        let stage = running.remove(at: place)
        let inputs = plan.inputs(of: stage).map(Int.init)
        if losses > 0, let lost = inputs.randomElement(using: &source) {
          losses -= 1
          schedule.lose(Bool.random(using: &source) ? [lost] : inputs, of: stage)
        } else if Double.random(in: 0..<1, using: &source) < failing {
          schedule.fail(stage)
        } else {
          let finished = inputs.allSatisfy { schedule.states[$0] == .finished }
          if finished { schedule.finish(stage) } else { schedule.lose([], of: stage) }
        }
      } while !running.isEmpty || schedule.hasWork
      for stage in plan.stages.indices {
        let states = plan.inputs(of: stage).map { schedule.states[Int($0)] }
        switch schedule.states[stage] {
        case .finished, .failed: break
        case .blocked: #expect(states.contains(.failed) || states.contains(.blocked))
        default: Issue.record("stage \(stage) ended \(schedule.states[stage])")
        }
      }
      if failing == 0 { #expect(schedule.states.allSatisfy { $0 == .finished }) }
    }
  }
}
