import Canonical
import Manifests
import Storage
import Synchronization
import Testing

@testable import Pipeline

@Suite struct NondeterminismTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  private func plan(_ salt: String) throws -> Plan {
    try Planner.plan([try Toy.manifest("toy", "seeds: 1..2")], Toy().catalog(salt: salt))
  }

  @Test func otherBytesUnderTheSameKeyAreReported() async throws {
    let first = try await workshop.run(try plan(""))
    let second = try await workshop.run(try plan("?")) { $0.force = true }
    let draws = try second.plan.stages(named: "draw")
    #expect(second.outcome.nondeterministic.sorted() == draws)
    #expect(!second.outcome.isComplete && second.outcome.blocked.count == 7)
    let reported = second.events.compactMap { event -> (Digest, Digest)? in
      guard case .nondeterministic(draws[0], let recorded, let now) = event else { return nil }
      return (recorded, now)
    }
    #expect(reported.count == 1)
    #expect(reported.first?.0 == first.outcome.contents[draws[0]])
    #expect(reported.first?.1 != first.outcome.contents[draws[0]])
  }

  @Test func nothingIsOverwritten() async throws {
    let first = try await workshop.run(try plan(""))
    try await workshop.run(try plan("?")) { $0.force = true }
    let third = try await workshop.run(try plan(""), on: try Store(at: workshop.path))
    #expect(third.outcome.executed == 0)
    #expect(try third.outputs() == first.outputs())
  }

  @Test func failFastEndsAtIt() async throws {
    try await workshop.run(try plan(""))
    let run = try await workshop.run(try plan("?")) {
      $0.force = true
      $0.failFast = true
    }
    #expect(run.outcome.nondeterministic.count == 1)
  }
}
