import TestSupport
import Testing

/// Several processes use one cache at once.
@Suite(.serialized)
struct SimultaneityTests {
  @Test(arguments: 1...5)
  func noStageIsRunTwice(trial: Int) throws {
    let sandbox = try Sandbox(["manifests/long.yaml": Example.long])
    let programs = try ["one", "two"].map { try sandbox.start(["run", "--results", $0]) }
    let exits = try programs.map { try $0.wait() }
    #expect(exits.allSatisfy { $0.code == 0 }, "\(exits)")
    let stages = try sandbox.run("run").local
    #expect(exits.reduce(0) { $0 + ($1.executed ?? 0) } == stages, "\(exits)")
    #expect(try sandbox.results("one") == sandbox.results("two"))
    #expect(try sandbox.results("one") == sandbox.results())
    #expect(try sandbox.run("cache", "verify").code == 0)
  }

  @Test func runsOfDifferentExperimentsShareWhatTheyHaveInCommon() throws {
    let sandbox = try Sandbox([
      "one.yaml": Example.long,
      "two.yaml": "experiment: other\n" + Example.long.dropFirst(17),
    ])
    let programs = try ["one", "two"].map { try sandbox.start(["run", "\($0).yaml"]) }
    let exits = try programs.map { try $0.wait() }
    #expect(exits.allSatisfy { $0.code == 0 }, "\(exits)")
    let shared = exits.reduce(0) { $0 + ($1.executed ?? 0) }
    #expect(shared == exits[0].executed! + exits[0].local!, "\(exits)")
  }
}
