import Canonical
import Glibc
import TestSupport
import Testing

/// `run --watch` runs what changed, and `status` tells of runs elsewhere.
struct LiveTests {
  @Test func aChangedManifestIsRunAgain() throws {
    let sandbox = try Example.sandbox()
    let program = try sandbox.start(["run", "--watch"])
    try eventually("results", by: program) { sandbox.exists("results/small/provenance.json") }
    func rows() throws -> Int { try sandbox.table("small/runs.csv").rows.count }
    #expect(try rows() == 6)
    try sandbox.edit("manifests/small.yaml", "seeds: 1..3", "seeds: 1..4")
    try eventually("another seed", by: program) { try rows() == 8 }
    // What cannot be read is told, and the watch goes on.
    try sandbox.edit("manifests/small.yaml", "seeds:", "sead:")
    try eventually("a complaint", by: program) {
      try program.errors.contains("has no key 'sead'")
    }
    try sandbox.edit("manifests/small.yaml", "sead: 1..4", "seeds: 1..2")
    try eventually("fewer seeds", by: program) { try rows() == 4 }
    program.signal(SIGINT)
    let exit = try program.wait()
    #expect(exit.code == 130, "\(exit)")
    #expect(exit.err.contains("changed: manifests/small.yaml"))
  }

  @Test func aFileThatAManifestNamesIsWatchedToo() throws {
    let data = #"{"embeddings": [[1, 0], [0, 1]], "sequences": [[0, 1], [1, 0]], "labels": [0, 1]}"#
    let sandbox = try Example.sandbox()
    try sandbox.edit("manifests/small.yaml", "structure: acyclic", "structure: {given: data.json}")
    try sandbox.edit(
      "manifests/small.yaml", "vocabulary: 4, dimension: 4, length: 3, sequences: 3, ",
      "vocabulary: 2, dimension: 2, length: 2, sequences: 2, ")
    try sandbox.write("manifests/data.json", data)
    let program = try sandbox.start(["run", "--watch"])
    defer { program.signal(SIGKILL) }
    try eventually("results", by: program) { sandbox.exists("results/small/lock.csv") }
    let before = try sandbox.text("results/small/lock.csv")
    try sandbox.edit("manifests/data.json", "[1, 0], [0, 1]]", "[2, 0], [0, 2]]")
    try eventually("other results", by: program) {
      try sandbox.text("results/small/lock.csv") != before
    }
  }

  @Test func statusTellsOfARunElsewhere() throws {
    let sandbox = try Sandbox([
      "manifests/long.yaml": Example.long.replacing("1..20", with: "1..2000")
    ])
    let none = try sandbox.run("status")
    #expect(none.out.contains("no run is under way in"), "\(none)")
    let program = try sandbox.start(["run", "--jobs", "1"])
    func found() throws -> [Value] { try sandbox.run("status", "--json").json?.list ?? [] }
    try eventually("work", by: program) { try found().first?["executed"]?.integer ?? 0 > 0 }
    let run = try #require(try found().first)
    #expect(run["alive"] == true && run["words"] == ["run", "--jobs", "1"], "\(run)")
    let text = try sandbox.run("status").out
    #expect(
      text.contains(
        /process \d+, \d+:\d\d min: mechanics run --jobs 1\n  in .*project\n  \d+ of \d+/))
    program.signal(SIGKILL)
    _ = try program.wait()
    #expect(try found().first?["alive"] == false)
    #expect(try found().isEmpty, "what a killed run left is told once")
  }

  @Test func anInterruptedRunLeavesNoStatus() throws {
    let sandbox = try Sandbox([
      "manifests/long.yaml": Example.long.replacing("1..20", with: "1..2000")
    ])
    let program = try sandbox.start(["run", "--jobs", "1"])
    let folder = "\(sandbox.folder.path)/cache/runs"
    try eventually("its status", by: program) { !Folder.names(folder).isEmpty }
    program.signal(SIGINT)
    #expect(try program.wait().code == 130)
    #expect(Folder.names(folder).isEmpty)
  }
}
