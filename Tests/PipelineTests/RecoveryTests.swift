import Canonical
import Foundation
import Manifests
import Storage
import Testing

@testable import Pipeline

/// Outputs that were damaged or lost are made again when a stage needs them.
@Suite struct RecoveryTests {
  private let toy = Toy()
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  private func plan(_ lines: String..., versions: [String: Int] = [:]) throws -> Plan {
    let lines = (["seeds: 1..3"] + lines).joined(separator: "\n")
    return try Planner.plan([try Toy.manifest("toy", lines)], toy.catalog(versions: versions))
  }

  private func blob(_ run: Run, _ address: String) -> Blob {
    run.store.record(for: run.outcome.keys[run.plan.stage(address)]!)!.outputs[0]
  }

  @Test func aDamagedInputIsMadeAgain() async throws {
    let first = try await workshop.run(try plan())
    _ = toy.takeCounts()
    let store = try workshop.damage(blob(first, "toy/draw[seed=2]"))
    let run = try await workshop.run(try plan("train: {step: 0.25}"), on: store)
    #expect(toy.takeCounts() == ["draw": 1, "fit": 4, "summary": 1], "one fit was tried twice")
    #expect(run.outcome.isComplete && run.outcome.failures.isEmpty)
    #expect(run.count { if case .damaged = $0 { true } else { false } } == 1)
    #expect(
      try run.output(run.plan.stage("toy/summary"))
        == "0: 4 1 by 0.25\n1: 4 2 by 0.25\n2: 4 3 by 0.25")
  }

  @Test func aStageIsCountedOnceThoughItIsMadeAgain() async throws {
    let first = try await workshop.run(try plan())
    let store = try workshop.damage(blob(first, "toy/draw[seed=2]"))
    let run = try await workshop.run(try plan("train: {step: 0.25}"), on: store)
    #expect(run.outcome.executed == 5 && run.outcome.executed + run.outcome.found == 13)
  }

  @Test(arguments: [1, 4])
  func aWholeChainIsMadeAgain(jobs: Int) async throws {
    let first = try await workshop.run(try plan())
    let summary = try first.output(first.plan.stage("toy/summary"))
    let blobs = [
      "toy/draw[seed=1]", "toy/draw[seed=2]", "toy/draw[seed=3]", "toy/fit[seed=1]",
      "toy/fit[seed=3]",
    ].map { blob(first, $0) }
    var store = workshop.store
    for blob in blobs { store = try workshop.damage(blob) }
    _ = toy.takeCounts()
    let run = try await workshop.run(try plan(versions: ["summary": 2]), on: store) {
      $0.jobs = jobs
    }
    #expect(run.outcome.isComplete)
    let counts = toy.takeCounts()
    #expect(counts["draw"] == 2 && counts["parity"] == nil, "seed 2 was never read")
    #expect(run.outcome.contents.dropLast() == first.outcome.contents.dropLast())
    #expect(try run.output(run.plan.stage("toy/summary")) == summary)
  }

  @Test func lostOutputsAreNoticedBeforeAnyStageRuns() async throws {
    let first = try await workshop.run(try plan())
    _ = toy.takeCounts()
    let store = try workshop.damage(blob(first, "toy/parity[seed=1]"))
    #expect(throws: StoreError.self) { try store.read(blob(first, "toy/parity[seed=1]")) }
    let run = try await workshop.run(try plan(), on: store)
    #expect(toy.takeCounts() == ["parity": 1], "all seeds have the same parity")
    #expect(run.outcome.isComplete && run.outcome.contents == first.outcome.contents)
  }

  @Test func whatCannotBeMadeAgainFails() async throws {
    let first = try await workshop.run(try plan())
    let store = try workshop.damage(blob(first, "toy/draw[seed=2]"))
    struct Broken: Error {}
    let broken = Toy { kind, _ in if kind == "draw" { throw Broken() } }
    let manifest = try Toy.manifest("toy", "seeds: 1..3", "train: {step: 0.25}")
    let run = try await workshop.run(
      try Planner.plan([manifest], broken.catalog()), on: store
    ) { $0.jobs = 4 }
    #expect(run.outcome.failures.count == 1)
    #expect(run.outcome.blocked.map(run.plan.address) == ["toy/fit[seed=2]", "toy/summary"])
  }

  /// A disk that gives back other bytes than were written must not keep the run going for ever.
  @Test func aDiskThatNeverKeepsItsBytesFails() async throws {
    let path = workshop.path
    let hostile = Toy { kind, _ in
      guard kind == "fit" else { return }
      for name in try FileManager.default.contentsOfDirectory(atPath: "\(path)/segments")
      where name.hasSuffix(".pack") {
        let file = "\(path)/segments/\(name)"
        let handle = try FileHandle(forUpdating: URL(filePath: file))
        let count = try handle.seekToEnd()
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: [UInt8](repeating: 0, count: Int(count)))
        try handle.close()
      }
    }
    let plan = try Planner.plan([try Toy.manifest("toy", "seeds: 1")], hostile.catalog())
    let run = try await workshop.run(plan)
    #expect(run.outcome.failures.map(\.stage).contains(plan.stage("toy/fit[seed=1]")))
    #expect(hostile.takeCounts()["fit"]! < 10)
  }
}
