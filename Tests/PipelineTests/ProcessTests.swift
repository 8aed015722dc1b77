import Canonical
import Foundation
import Manifests
import Storage
import Testing

@testable import Pipeline

/// Real processes that run the same plan on one store.
@Suite struct ProcessTests {
  /// A toy that leaves a mark in `folder` for as long as a stage runs, and another one where it
  /// finds the first there already.
  static func toy(marking folder: String) -> Toy {
    Toy { kind, context in
      guard kind == "draw" else { return }
      let mark = "\(folder)/draw-\(context.parameters["data.size"].json())-\(context.seed)"
      let file = open(mark, O_CREAT | O_EXCL, 0o600)
      if file < 0 { close(open("\(folder)/overlap", O_CREAT, 0o600)) }
      usleep(2000)
      close(file)
      rename(mark, "\(mark).\(getpid())")
    }
  }

  static func run(_ folder: String) async throws -> Outcome {
    let manifest = try Toy.manifest("toy", "seeds: 1..20", "sweep: {data.size: [3, 4]}")
    let plan = try Planner.plan([manifest], toy(marking: folder).catalog())
    var options = Runner.Options()
    options.jobs = 2
    let store = try Store(at: "\(folder)/store")
    return try await Runner(plan, store, options).run(
      wanted: .init(repeating: true, count: plan.stages.count))
  }

  @Test func noStageRunsInTwoProcesses() async throws {
    let workshop = try Workshop()
    let folder = "\(workshop.path)-marks"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    async let child: ExitTest.Result? = #expect(processExitsWith: .success) {
      [folder = folder as String] in
      let outcome = try await ProcessTests.run(folder)
      if !outcome.isComplete { exit(1) }
    }
    let outcome = try await ProcessTests.run(folder)
    _ = await child
    #expect(outcome.isComplete)
    let marks = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(!marks.contains("overlap"))
    #expect(marks.count { $0.hasPrefix("draw-") } == 40, "each ran once, in one of the two")
    let again = try await ProcessTests.run(folder)
    #expect(again.executed == 0 && again.contents == outcome.contents)
  }

  /// Whatever was finished is kept, and the rest is run.
  @Test func aKilledRunIsTakenUp() async throws {
    let workshop = try Workshop()
    let folder = "\(workshop.path)-marks"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [folder = folder as String] in
      Thread.detachNewThread {
        usleep(40_000)
        kill(getpid(), SIGKILL)
      }
      while true { _ = try await ProcessTests.run(folder) }
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name.hasPrefix("draw-") {
      try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
    let outcome = try await ProcessTests.run(folder)
    #expect(outcome.isComplete)
    #expect(try Store(at: "\(folder)/store").verify().isSound)
  }
}
