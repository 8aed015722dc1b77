import Canonical
import Foundation
import Manifests
import Storage
import Synchronization
import Testing

@testable import Pipeline

@Suite struct ConcurrencyTests {
  private func plan(_ toy: Toy) throws -> Plan {
    try Planner.plan(
      [
        try Toy.manifest(
          "toy", "seeds: 1..10", "sweep: {data.size: [3, 4, 5], train.step: [0.1, 0.2]}")
      ], toy.catalog())
  }

  @Test func theOutputsDoNotDependOnTheNumberOfJobs() async throws {
    var outputs: [[String]] = []
    var contents: [[Digest?]] = []
    for jobs in [1, 2, 7, 64] {
      let toy = Toy()
      let run = try await Workshop().run(try plan(toy)) { $0.jobs = jobs }
      outputs.append(try run.outputs())
      contents.append(run.outcome.contents)
      #expect(toy.takeCounts()["tail"] == 2, "equal keys run once, with \(jobs) jobs")
    }
    #expect(Set(outputs).count == 1 && Set(contents).count == 1)
  }

  /// With one seed, `parity` and `fit` are ready at the same time; only `fit` uses threads.
  @Test func aStageThatUsesThreadsGetsThePlacesThatNobodyWants() async throws {
    let threads = Mutex<[String: Int]>([:])
    let toy = Toy { kind, context in threads.withLock { $0[kind] = context.threads } }
    let plan = try Planner.plan([try Toy.manifest("toy", "seeds: 1..1")], toy.catalog())
    let run = try await Workshop().run(plan) { $0.jobs = 4 }
    #expect(run.outcome.isComplete)
    #expect(
      threads.withLock { $0 } == ["draw": 1, "parity": 1, "fit": 3, "tail": 1, "summary": 1])
  }

  @Test func noMoreThreadsRunThanThereArePlaces() async throws {
    let running = Mutex((now: 0, most: 0))
    let toy = Toy { _, context in
      running.withLock {
        $0.now += context.threads
        $0.most = max($0.most, $0.now)
      }
      usleep(1000)
      running.withLock { $0.now -= context.threads }
    }
    let run = try await Workshop().run(try plan(toy)) { $0.jobs = 3 }
    #expect(run.outcome.isComplete)
    // How many are reached is the machine's affair; how many it gives out is PlacesTests'.
    #expect((1...3).contains(running.withLock { $0.most }))
  }

  /// The seeds differ, what they put out does not: stages of one key, in one plan.
  @Test func equalKeysDoNotRunAtTheSameTime() async throws {
    let counter = Toy { kind, _ in if kind == "tail" { usleep(20_000) } }
    let run = try await Workshop().run(
      try Planner.plan([try Toy.manifest("toy", "seeds: 1..16")], counter.catalog())
    ) { $0.jobs = 8 }
    #expect(counter.takeCounts()["tail"] == 1 && run.outcome.isComplete)
  }

  @Test func twoRunnersShareTheWork() async throws {
    let toy = Toy { _, _ in usleep(500) }
    let plan = try plan(toy)
    let workshop = try Workshop()
    let other = try Store(at: workshop.path)
    async let first = workshop.run(plan) { $0.jobs = 2 }
    async let second = workshop.run(plan, on: other) { $0.jobs = 2 }
    let (left, right) = (try await first, try await second)
    #expect(toy.overlap == 1, "no stage ran twice at the same time")
    #expect(left.outcome.isComplete && right.outcome.isComplete)
    #expect(left.outcome.contents == right.outcome.contents)
    #expect(try left.outputs() == right.outputs())
    #expect(
      toy.takeCounts() == ["draw": 30, "parity": 30, "tail": 2, "fit": 60, "summary": 1],
      "no stage ran twice at all")
  }

  /// A claim until it is let go.
  private final class Holder: Sendable {
    private let claim: Mutex<Storage.Claim?>
    init(_ claim: Storage.Claim?) { self.claim = Mutex(claim) }
    func release() { claim.withLock { $0 = nil } }
  }

  @Test func aStageThatRunsElsewhereIsReportedOnce() async throws {
    let toy = Toy()
    let workshop = try Workshop()
    let plan = try Planner.plan([try Toy.manifest("toy", "seeds: 1")], toy.catalog())
    let key = try #require(Forecast(plan, workshop.store).keys[0])
    let other = try Store(at: workshop.path)
    let claim = Holder(try other.claim(Digest(of: key.preimage)))
    let run = try await workshop.run(
      plan,
      onEvent: { event in
        guard case .elsewhere = event else { return }
        Task {
          // The runner asks again in the meantime.
          try await Task.sleep(for: .milliseconds(100))
          claim.release()
        }
      })
    #expect(run.outcome.isComplete)
    #expect(run.count { if case .elsewhere = $0 { true } else { false } } == 1)
  }
}
