import Canonical
import Glibc
import TestSupport
import Testing

/// `run` executes what is missing and writes results.
struct RunTests {
  @Test func itsLastLineCountsStagesAndClaims() throws {
    let exit = try Example.sandbox().run("run")
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.lastLine == "27 stages: 27 executed, 0 local, 0 remote; claims 2/2 held")
    #expect(exit.out == "")
  }

  @Test func aSecondRunExecutesNothing() throws {
    let sandbox = try Example.sandbox()
    _ = try sandbox.run("run")
    let exit = try sandbox.run("run")
    #expect(exit.lastLine == "27 stages: 0 executed, 27 local, 0 remote; claims 2/2 held")
  }

  @Test func anotherWorkingFolderSharesTheCache() throws {
    let sandbox = try Example.sandbox()
    _ = try sandbox.run("run")
    try sandbox.write("elsewhere/manifests/copy.yaml", Example.small)
    let exit = try sandbox.run("run", in: "\(sandbox.project)/elsewhere")
    #expect(exit.executed == 0, "\(exit)")
  }

  @Test func unchangedFilesKeepTheirTimes() throws {
    let sandbox = try Example.sandbox()
    _ = try sandbox.run("run")
    let before = try times(sandbox)
    usleep(20_000)
    _ = try sandbox.run("run")
    #expect(try times(sandbox) == before)
    _ = try sandbox.run("run", "--force")
    #expect(try times(sandbox) == before)
  }

  private func times(_ sandbox: Sandbox) throws -> [String: Int] {
    try sandbox.results().keys.reduce(into: [:]) { times, name in
      var status = stat()
      guard stat("\(sandbox.project)/results/\(name)", &status) == 0 else { return }
      times[name] = status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
    }
  }

  @Test func forceExecutesEverythingAgain() throws {
    let sandbox = try Example.sandbox()
    _ = try sandbox.run("run")
    let before = try sandbox.results()
    let exit = try sandbox.run("run", "--force")
    #expect(exit.executed == 27, "\(exit)")
    #expect(try sandbox.results() == before)
  }

  @Test func aDryRunRunsNothing() throws {
    let sandbox = try Example.sandbox()
    let exit = try sandbox.run("run", "--dry-run")
    #expect(exit.code == 0)
    #expect(exit.out.contains("27 stages"))
    #expect(!sandbox.exists("results"))
    #expect(try sandbox.run("run").executed == 27)
  }

  @Test func itSumsUpOnAScreen() throws {
    let sandbox = try Example.sandbox()
    let first = try sandbox.run("run").err.split(separator: "\n").map(String.init)
    #expect(first.count { !$0.hasPrefix("[") } < 12, "\(first)")
    func has(_ pattern: Regex<Substring>) -> Bool {
      first.contains { $0.wholeMatch(of: pattern) != nil }
    }
    #expect(
      has(/claims    held: W grows \(mean of norm: measured 1\.\d+, stated at least 0.05\)/))
    #expect(
      has(/\ {10}held: it is feasible \(share of feasible: measured 1, stated equals 1\)/))
    #expect(has(/executed  .*6 gd.* \(in [\d.:]+ (?:s|min)\)/))
    #expect(has(/results   results\/small\/: .*/) && has(/report    'mechanics report' .*/))
    let second = try sandbox.run("run").err
    #expect(second.contains("\nreused    27 stages") && !second.contains("executed  "), "\(second)")
    let json = try sandbox.run("run", "--json").err
    #expect(!json.contains("reused "), "\(json)")
  }

  @Test func eventsAreJSONLinesOnStandardOutput() throws {
    let exit = try Example.sandbox().run("run", "--json")
    let events = exit.out.split(separator: "\n").map { Value(json: Array($0.utf8)) }
    #expect(events.first == .some(["event": "began", "wanted": 27]))
    #expect(events.count { $0?["event"] == "executed" } == 27)
    #expect(events.allSatisfy { $0?["event"]?.string != nil })
  }

  @Test func whereFiguresCannotBeDrawnItWarnsAndGoesOn() throws {
    let sandbox = try Example.sandbox()
    let exit = try sandbox.run("run")
    #expect(exit.code == 0)
    #expect(exit.err.contains("warning: not drawn, as vl-convert is not here: 1 figure; run"))
    #expect(sandbox.exists("results/small/curve.vl.json"))
  }

  @Test func resultsGoWhereTheyAreSent() throws {
    let sandbox = try Example.sandbox()
    _ = try sandbox.run("run", "--results", "there")
    #expect(sandbox.exists("there/small/runs.csv"))
    #expect(!sandbox.exists("results"))
  }

  @Test func onlyTheTierAskedForIsRunInAFolder() throws {
    let sandbox = try Example.sandbox()
    try sandbox.edit("manifests/small.yaml", "title:", "tier: full\ntitle:")
    #expect(try sandbox.run("run").lastLine.hasPrefix("0 stages:"))
    #expect(try sandbox.run("run", "--tier", "full").executed == 27)
    #expect(try sandbox.run("run", "manifests/small.yaml").local == 27)
  }
}
