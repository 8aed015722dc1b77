import Canonical
import Glibc
import Manifests
import Storage
import Testing

@testable import Pipeline

/// The time left is told when it is known, and is about right then; no clock is asked.
@Suite struct TimeLeftTests {
  private let toy = Toy()

  private func plan(_ lines: String...) throws -> Plan {
    try Planner.plan([try Toy.manifest("toy", lines.joined(separator: "\n"))], toy.catalog())
  }

  private struct Told {
    let time: Double
    let left: Double?
    let isLeft: Double
  }

  /// What is told at the end of each stage, where stages run in the order given at some places.
  private func told(
    _ plan: Plan, _ left: TimeLeft, places: Int, _ order: [Int], seconds: (Int) -> Double
  ) -> [Told] {
    var left = left
    var events: [(time: Double, event: Event)] = []
    var free = [Double](repeating: 0, count: places)
    for stage in order {
      let place = free.indices.min { free[$0] < free[$1] }!
      events.append((free[place], .started(stage)))
      free[place] += seconds(stage)
      events.append((free[place], .executed(stage, seconds: seconds(stage))))
    }
    let end = free.max()!
    return events.enumerated()
      .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
      .map { _, entry in
        left.note(entry.event, at: entry.time)
        return Told(time: entry.time, left: left.seconds(at: entry.time), isLeft: end - entry.time)
      }
  }

  /// Cells that take from a millisecond to a second, in no order: no estimate is far too long.
  @Test func cellsThatDifferAThousandfoldAreToldWell() throws {
    let steps = (1...60).map(String.init).joined(separator: ", ")
    let plan = try plan("seeds: 1..10", "sweep: {train.step: [\(steps)]}")
    let fits = try plan.stages(named: "fit")
    func seconds(_ stage: Int) -> Double {
      let step = plan.parameters(of: stage).parameters["train.step"].double!
      // 37 is a generator of the field with 61 elements, so that is a walk through 1...60.
      return pow(10, -3 * Double(Int(step) * 37 % 61) / 60)
    }
    let told = told(
      plan, TimeLeft(plan, wanted: plan.stages.indices.map { fits.contains($0) }), places: 2,
      fits, seconds: seconds)
    let spoken = told.filter { $0.left != nil && $0.isLeft > 1 }
    #expect(spoken.count > told.count / 2)
    let wrong = spoken.filter { $0.left! > 3 * $0.isLeft || $0.left! < $0.isLeft / 3 }
    #expect(wrong.isEmpty, "\(wrong.prefix(3))")
  }

  @Test func equalStagesAreToldRightOnceSomeAreDone() throws {
    let plan = try plan("seeds: 1..100")
    let fits = try plan.stages(named: "fit")
    let order = try plan.stages(named: "draw") + fits
    let wanted = plan.needed(for: fits)
    for places in [1, 4] {
      let told = told(plan, TimeLeft(plan, wanted: wanted), places: places, order) {
        plan.kind(of: $0).name == "fit" ? 0.5 : 0.02
      }
      let spoken = told.filter { $0.left != nil }
      #expect(spoken.count > 100)
      for moment in spoken where moment.time > 4 / Double(places) {
        #expect(abs(moment.left! - moment.isLeft) < 0.2 * moment.isLeft + 0.6, "\(moment)")
      }
    }
  }

  /// Stages of a kind that has not run are taken to last as those of others: little is known then.
  @Test func nothingIsToldWhileLittleIsKnown() throws {
    let plan = try plan("seeds: 1..100")
    let draws = try plan.stages(named: "draw")
    var left = try TimeLeft(plan, wanted: plan.needed(for: plan.stages(named: "fit")))
    #expect(left.seconds(at: 1) == nil)
    left.note(.started(draws[0]), at: 1)
    #expect(left.seconds(at: 2) == nil)
    left.note(.executed(draws[0], seconds: 10), at: 11)
    #expect(left.seconds(at: 11) == nil)
    for number in 1..<20 {
      left.note(.started(draws[number]), at: Double(10 * number + 1))
      left.note(.executed(draws[number], seconds: 10), at: Double(10 * number + 11))
    }
    #expect(left.seconds(at: 201).map { abs($0 - 1800) < 1e-6 } == true)
  }

  @Test func whatIsGuessedIsToldAfterAShareOrAMinute() throws {
    let plan = try plan("seeds: 1", "sweep: {train.step: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}")
    let fits = try plan.stages(named: "fit")
    let wanted = plan.stages.indices.map { fits.contains($0) }
    // A tenth of the work is enough.
    var left = TimeLeft(plan, wanted: wanted)
    left.note(.started(fits[0]), at: 0)
    left.note(.executed(fits[0], seconds: 4), at: 4)
    #expect(left.seconds(at: 4).map { abs($0 - 36) < 1e-9 } == true)
    // An eleventh of a much longer rest, of another kind of parameters, is not, until a minute is over.
    let many = try self.plan(
      "seeds: 1", "sweep: {train.step: [\((1...50).map(String.init).joined(separator: ", "))]}")
    let all = try many.stages(named: "fit")
    left = TimeLeft(many, wanted: many.stages.indices.map { all.contains($0) })
    left.note(.started(all[0]), at: 0)
    left.note(.executed(all[0], seconds: 4), at: 4)
    #expect(left.seconds(at: 4) == nil)
    left.note(.started(all[1]), at: 4)
    #expect(left.seconds(at: 59) == nil)
    #expect(left.seconds(at: 60) != nil)
  }

  /// A run of what is recorded, as `--recompute` does, is told from its first stage on.
  @Test func whatIsRecordedIsKnown() async throws {
    let workshop = try Workshop()
    let plan = try plan("seeds: 1..20")
    let outcome = try await workshop.run(plan).outcome
    let draws = try plan.stages(named: "draw")
    let recorded = draws.reduce(0.0) {
      $0 + workshop.store.record(for: outcome.keys[$1]!)!.seconds
    }
    var left = TimeLeft(plan, wanted: plan.needed(for: draws))
    left.recall(plan, workshop.store)
    left.note(.started(draws[0]), at: 0)
    left.note(.executed(draws[0], seconds: recorded / 20), at: recorded / 20)
    let told = try #require(left.seconds(at: recorded / 20))
    #expect(abs(told - recorded * 19 / 20) < 1e-6 * recorded)
  }

  /// What was found, what failed and what has to be made again is counted once.
  @Test func whatIsThereIsNotLeft() throws {
    let plan = try plan("seeds: 1..4")
    let draws = try plan.stages(named: "draw")
    var left = TimeLeft(plan, wanted: plan.needed(for: draws))
    left.note(.started(draws[0]), at: 0)
    left.note(.executed(draws[0], seconds: 2), at: 2)
    #expect(left.seconds(at: 2) == 6)
    left.note(.found(draws[1]), at: 2)
    left.note(.failed(draws[2], "for a reason"), at: 2)
    #expect(left.seconds(at: 2) == 2)
    left.note(.damaged(draws[1]), at: 2)
    #expect(left.seconds(at: 2) == 4)
    left.note(.started(draws[1]), at: 2)
    #expect(left.seconds(at: 3) == 3, "a second of it is done")
  }
}
