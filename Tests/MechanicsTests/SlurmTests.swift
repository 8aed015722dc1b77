import Glibc
import TestSupport
import Testing

/// `--executor slurm` on a real Slurm: the same bytes as a local run, whatever is killed.
@Suite(
  .serialized,
  .enabled(
    if: SlurmCluster.isInstalled || Emulator.isNeeded, "slurm-wlm and munge are not installed"))
struct SlurmTests {
  /// Some seconds of work: forty runs of a fifth of a second.
  private static let heavy = Example.long
    .replacing("seeds: 1..20", with: "seeds: 1..40")
    .replacing("iterations: 4000", with: "iterations: 300000")
    .replacing("sweep: {train.step.size: [0.01, 0.02]}\n", with: "")

  /// A sandbox with one experiment, and a cluster that ends with the test.
  private func sandbox(_ manifest: String = Example.small) throws -> (Sandbox, SlurmCluster) {
    let cluster = try SlurmCluster()
    let sandbox = try Sandbox(["manifests/experiment.yaml": manifest])
    sandbox.environment.merge(cluster.environment) { $1 }
    return (sandbox, cluster)
  }

  private let run = [
    "run", "--executor", "slurm", "--slurm", "task-seconds=1", "--slurm", "tasks=8",
  ]

  /// The bytes of a local run's results.
  private func expected(_ manifest: String = SlurmTests.heavy) throws -> [String: [UInt8]] {
    let sandbox = try Sandbox(["manifests/experiment.yaml": manifest])
    _ = try sandbox.run("run")
    return try sandbox.results()
  }

  @Test func itGivesTheSameBytesAsALocalRun() throws {
    let (sandbox, cluster) = try sandbox()
    defer { withExtendedLifetime(cluster) {} }
    let exit = try sandbox.start(run).wait()
    #expect(exit.code == 0, "\(exit)")
    #expect(
      exit.lastLine == "27 stages: 27 executed, 0 local, 0 remote; claims 2/2 held", "\(exit)")
    #expect(try sandbox.results() == expected(Example.small))
    #expect(try sandbox.start(run).wait().executed == 0)
    #expect(try cluster.jobs() == 0)
  }

  @Test func aFailedStageStopsOnlyWhatDependsOnIt() throws {
    let (sandbox, cluster) = try sandbox(Example.failing)
    defer { withExtendedLifetime(cluster) {} }
    try sandbox.write("manifests/small.yaml", Example.small)
    let exit = try sandbox.start(run).wait()
    #expect(exit.code == 1, "\(exit)")
    #expect(exit.err.contains("failing/data[seed=1]: "), "\(exit)")
    #expect(exit.executed == 27, "\(exit)")
    #expect(sandbox.exists("results/small/runs.csv"))
  }

  @Test func aDetachedRunIsFollowedToItsResults() throws {
    let (sandbox, cluster) = try sandbox()
    defer { withExtendedLifetime(cluster) {} }
    let exit = try sandbox.start(run + ["--detach"]).wait()
    #expect(exit.code == 0, "\(exit)")
    #expect(!sandbox.exists("results"))
    let name = try #require(exit.lastLine.firstMatch(of: /attach ([0-9a-f]{10})/)).1
    #expect(try sandbox.run("attach").out.contains(name))
    let attached = try sandbox.start(["attach", String(name)], in: sandbox.folder.path).wait()
    #expect(attached.code == 0, "\(attached)")
    #expect(attached.lastLine.hasSuffix("claims 2/2 held"), "\(attached)")
    #expect(try sandbox.results() == expected(Example.small))
  }

  @Test func ctrlCCancelsTheJobs() throws {
    let (sandbox, cluster) = try sandbox(SlurmTests.heavy)
    defer { withExtendedLifetime(cluster) {} }
    let program = try sandbox.start(run)
    try waitForWork(sandbox)
    program.signal(SIGINT)
    let exit = try program.wait()
    #expect(exit.code == 130 && exit.lastLine.contains("the jobs are cancelled"), "\(exit)")
    try wait("no job") { try cluster.jobs() == 0 }
    let rest = try sandbox.start(run).wait()
    #expect(rest.code == 0 && rest.local! > 0 && rest.executed! > 0, "\(rest)")
    #expect(try sandbox.results() == expected())
  }

  @Test func theFollowerIsKilledAndTheNextOneFollows() throws {
    let (sandbox, cluster) = try sandbox(SlurmTests.heavy)
    defer { withExtendedLifetime(cluster) {} }
    let program = try sandbox.start(run)
    try waitForWork(sandbox)
    program.signal(SIGKILL)
    _ = try program.wait()
    let exit = try sandbox.start(run).wait()
    #expect(exit.code == 0 && exit.err.contains("of an earlier run"), "\(exit)")
    #expect(!exit.err.contains("submitted"), "what runs is not submitted again: \(exit)")
    #expect(try sandbox.results() == expected())
  }

  @Test func aWorkerIsKilled() throws {
    let (sandbox, cluster) = try sandbox(SlurmTests.heavy)
    defer { withExtendedLifetime(cluster) {} }
    let program = try sandbox.start(run)
    try waitForWork(sandbox)
    let victim = try #require(worker(of: sandbox))
    kill(victim, SIGKILL)
    let exit = try program.wait()
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.err.contains("is gone without an end"), "\(exit)")
    #expect(try sandbox.results() == expected())
  }

  /// A controller that had no time to write down what it knew finds unknown tasks on the node and
  /// drains it, which its administrator mends.
  @Test(arguments: [[SlurmCluster.Daemon.slurmd], [.slurmctld, .slurmd]])
  func daemonsAreKilledAndStartedAgain(daemons: [SlurmCluster.Daemon]) throws {
    let (sandbox, cluster) = try sandbox(SlurmTests.heavy)
    defer { withExtendedLifetime(cluster) {} }
    let program = try sandbox.start(run)
    try waitForWork(sandbox)
    for daemon in daemons { try cluster.kill(daemon) }
    sleep(3)
    for daemon in daemons { try cluster.start(daemon) }
    for _ in 0..<10 {
      sleep(1)
      _ = try cluster.run("scontrol", "update", "NodeName=localhost", "State=RESUME")
    }
    let exit = try program.wait()
    #expect(exit.code == 0, "\(exit)")
    #expect(try sandbox.results() == expected())
  }

  @Test func withoutSlurmItSaysSo() throws {
    let sandbox = try Example.sandbox()
    let exit = try sandbox.run("run", "--executor", "slurm")
    #expect(exit.code == 4 && exit.err.contains("needs Slurm's commands"), "\(exit)")
  }

  /// Waits until some stage of the heavy experiment is finished.
  private func waitForWork(_ sandbox: Sandbox) throws {
    let folder = "\(sandbox.folder.path)/cache/slurm"
    try wait("work") {
      try Folder.names(folder).contains { run in
        try Folder.names("\(folder)/\(run)/1").contains {
          try $0.hasSuffix(".ledger") && !Folder.bytes("\(folder)/\(run)/1/\($0)").isEmpty
        }
      }
    }
  }

  private func wait(_ what: String, _ isThere: () throws -> Bool) throws {
    for _ in 0..<1200 {
      if try isThere() { return }
      usleep(50_000)
    }
    throw Failure("\(what) did not come")
  }

  /// A worker that runs for this sandbox.
  private func worker(of sandbox: Sandbox) -> pid_t? {
    Folder.names("/proc").compactMap { pid_t($0) }.first { process in
      guard let words = try? Folder.text("/proc/\(process)/cmdline") else { return false }
      return words.contains("\0worker\0\(sandbox.folder.path)/cache/slurm/")
    }
  }
}
