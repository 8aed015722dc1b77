import Canonical
import Glibc
import TestSupport
import Testing

/// Runs on a cluster, with commands of Slurm's names that keep a list of jobs and run none.
struct FakeSlurmTests {
  private let sandbox: Sandbox
  private var cache: String { "\(sandbox.folder.path)/cache" }

  init() throws {
    sandbox = try Example.sandbox()
    let path = sandbox.folder.path
    sandbox.environment["PATH"] = "\(path)/bin:/usr/bin:/bin"
    try command("scontrol", "echo MaxArraySize = 1001")
    try command(
      "sbatch",
      """
      for word in "$@"; do case $word in --job-name=*) name=${word#--job-name=};; esac; done
      sleep 0.3
      echo "$name" >> \(path)/jobs
      echo 1
      """)
    try command("squeue", "while read name; do echo 1 $name 0 PENDING None; done < \(path)/jobs")
  }

  private func command(_ name: String, _ script: String) throws {
    try sandbox.folder.write("bin/\(name)", "#!/bin/sh\n\(script)\n")
    chmod("\(sandbox.folder.path)/bin/\(name)", 0o755)
  }

  private let run = ["run", "--slurm", "tasks=1", "--detach"]

  @Test func runsThatStartTogetherShareTheirJobs() throws {
    sandbox.environment["MECHANICS_EXECUTOR"] = "slurm"
    let exits = try (0..<3).map { _ in try sandbox.start(run) }.map { try $0.wait() }
    for exit in exits { #expect(exit.code == 0, "\(exit)") }
    let jobs = try sandbox.folder.text("jobs").split(separator: "\n")
    #expect(Set(jobs).count == jobs.count, "\(jobs)")
    #expect(exits.count { $0.err.contains("of an earlier run") } == 2, "\(exits)")
  }

  /// What said so then was a variable that nothing sets now.
  @Test func attachSendsNothingToThisMachine() throws {
    sandbox.environment["MECHANICS_EXECUTOR"] = "slurm"
    sandbox.environment["MECHANICS_RESULTS"] = "elsewhere"
    #expect(try sandbox.start(run).wait().code == 0)
    sandbox.environment["MECHANICS_EXECUTOR"] = nil
    sandbox.environment["MECHANICS_RESULTS"] = nil
    let name = try #require(Folder.names("\(cache)/slurm").first)
    let note = try #require(Value(json: try sandbox.folder.bytes("cache/slurm/\(name)/run.json")))
    #expect(note["variables"] == ["MECHANICS_RESULTS": "elsewhere"])
    try command("squeue", "echo the controller is gone; exit 1")
    let exit = try sandbox.run("attach", name)
    #expect(exit.code == 4 && exit.err.contains("the scheduler does not answer"), "\(exit)")
  }

  @Test func aRunIsAttachedAsOftenAsOneLikes() throws {
    sandbox.environment["MECHANICS_EXECUTOR"] = "slurm"
    #expect(try sandbox.start(run).wait().code == 0)
    let name = try #require(Folder.names("\(cache)/slurm").first)
    let note = try sandbox.folder.bytes("cache/slurm/\(name)/run.json")
    try command("squeue", "echo the controller is gone; exit 1")
    // What the run did not set is not set for it, and a folder's relative name stays what it was.
    sandbox.environment["MECHANICS_CACHE_REQUIRED"] = "true"
    sandbox.environment["MECHANICS_REMOTE_CACHE"] = "http://127.0.0.1:1/nobody"
    sandbox.environment["MECHANICS_CACHE"] = "cache"
    for _ in 0..<2 {
      let exit = try sandbox.start(["attach", name], in: sandbox.folder.path).wait()
      #expect(exit.code == 4 && exit.err.contains("the scheduler does not answer"), "\(exit)")
      #expect(try sandbox.folder.bytes("cache/slurm/\(name)/run.json") == note)
    }
    try sandbox.folder.write(
      "cache/slurm/\(name)/run.json",
      String(decoding: note, as: UTF8.self).replacing(
        #/"words":\[[^\]]*\]/#, with: #""words":["attach","x"]"#))
    let spoilt = try sandbox.start(["attach", name], in: sandbox.folder.path).wait()
    #expect(spoilt.code == 2 && spoilt.err.contains("names no run"), "\(spoilt)")
  }

  @Test func attachSaysThatThereIsNoRun() throws {
    #expect(try sandbox.run("attach").out == "no run of a cluster in \(cache)\n")
  }
}
