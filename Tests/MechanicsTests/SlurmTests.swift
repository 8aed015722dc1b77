import Canonical
import Glibc
import TestSupport
import Testing

/// `--executor slurm` on a real Slurm: the same bytes as a local run, whatever is killed.
@Suite(
  .serialized,
  .enabled(
    if: SlurmCluster.isInstalled || Emulator.isNeeded, "slurm-wlm and munge are not installed"))
struct SlurmTests {
  /// Some seconds of work: forty runs of a quarter of a second.
  private static let heavy = Example.long
    .replacing("seeds: 1..20", with: "seeds: 1..40")
    .replacing("iterations: 4000", with: "iterations: 600000")
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

  /// The bytes of a local run's results of the heavy experiment.
  private static let expected = Result { try results(of: heavy) }

  private static func results(of manifest: String) throws -> [String: [UInt8]] {
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
    #expect(try sandbox.results() == SlurmTests.results(of: Example.small))
    #expect(try sandbox.start(run).wait().executed == 0)
    try eventually("no job") { try cluster.jobs() == 0 }
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
    #expect(try sandbox.results() == SlurmTests.results(of: Example.small))
  }

  /// Tasks that wait for a node are known to `status` and `doctor`, and no collection takes their folder.
  @Test func aWaitingRunIsSeenAndIsNotCollected() throws {
    let (sandbox, cluster) = try sandbox()
    defer { withExtendedLifetime(cluster) {} }
    let doctor = try sandbox.run("doctor")
    #expect(doctor.out.contains(/ok    slurm: sbatch, .*scontrol.* [0-9.]+; it answers; no acc/))
    let node = ["scontrol", "update", "NodeName=localhost"]
    let drained = try cluster.run(node[0], node[1], node[2], "State=DRAIN", "Reason=test")
    #expect(drained.code == 0, "\(drained)")
    _ = try sandbox.start(run + ["--detach"]).wait()
    let name = try #require(Folder.names("\(sandbox.folder.path)/cache/slurm").first)
    let tasks = try cluster.jobs()
    let waiting = try sandbox.run("status")
    #expect(waiting.out.contains("cluster \(name): mechanics run --executor slurm"), "\(waiting)")
    #expect(waiting.out.contains("0 of \(tasks) tasks ended; 0 of 27 stages"), "\(waiting)")
    #expect(waiting.out.contains("; 0 tasks run, \(tasks) wait"), "\(waiting)")
    sleep(2)
    let collect = ["cache", "gc", "--age", "0", "--grace", "0"]
    let kept = try sandbox.start(collect).wait()
    #expect(kept.code == 0 && kept.err.contains("0 campaigns removed, 1 kept"), "\(kept)")
    #expect(kept.err.contains("the scheduler still has \(tasks) of its tasks"), "\(kept)")

    #expect(try cluster.run(node[0], node[1], node[2], "State=RESUME").code == 0)
    try eventually("the end") { try cluster.jobs() == 0 }
    let done = try sandbox.run("status")
    #expect(done.out.contains("\(tasks) of \(tasks) tasks ended; 27 of 27 stages"), "\(done)")
    let value = try #require(try sandbox.run("status", "--json").json?.list?.first)
    #expect(value["waiting"] == 0 && value["ended"] == .integer(tasks), "\(value)")
    #expect(done.out.contains("; all have ended\n  'mechanics attach \(name)' writes"), "\(done)")
    #expect(try sandbox.run("attach", name).code == 0)
    #expect(try sandbox.results() == SlurmTests.results(of: Example.small))
    sleep(2)
    let plan = try sandbox.start(collect + ["--dry-run"]).wait()
    #expect(
      plan.out.contains(/campaign [0-9a-f]{10}\/1, .*: it has ended, and is older/), "\(plan)")
    #expect(plan.err.contains("1 campaigns would be removed, 0 kept"), "\(plan)")
    #expect(sandbox.folder.exists("cache/slurm/\(name)/1"))
    _ = try sandbox.start(collect).wait()
    #expect(!sandbox.folder.exists("cache/slurm/\(name)"))
    #expect(try sandbox.run("status").out.hasPrefix("no run is under way"))
  }

  @Test func ctrlCCancelsTheJobs() throws {
    let (sandbox, cluster) = try sandbox(SlurmTests.heavy)
    defer { withExtendedLifetime(cluster) {} }
    let program = try sandbox.start(run)
    try waitForWork(sandbox, program)
    program.signal(SIGINT)
    let exit = try program.wait()
    #expect(exit.code == 130 && exit.lastLine.contains("the jobs are cancelled"), "\(exit)")
    try eventually("no job") { try cluster.jobs() == 0 }
    let rest = try sandbox.start(run).wait()
    #expect(rest.code == 0 && rest.local! > 0 && rest.executed! > 0, "\(rest)")
    #expect(try sandbox.results() == SlurmTests.expected.get())
  }

  @Test func theFollowerIsKilledAndTheNextOneFollows() throws {
    let (sandbox, cluster) = try sandbox(SlurmTests.heavy)
    defer { withExtendedLifetime(cluster) {} }
    let program = try sandbox.start(run)
    try waitForWork(sandbox, program)
    program.signal(SIGKILL)
    _ = try program.wait()
    let exit = try sandbox.start(run).wait()
    #expect(exit.code == 0 && exit.err.contains("of an earlier run"), "\(exit)")
    #expect(!exit.err.contains("submitted"), "what runs is not submitted again: \(exit)")
    #expect(try sandbox.results() == SlurmTests.expected.get())
  }

  @Test func aWorkerIsKilled() throws {
    let (sandbox, cluster) = try sandbox(SlurmTests.heavy)
    defer { withExtendedLifetime(cluster) {} }
    let program = try sandbox.start(run)
    try waitForWork(sandbox, program)
    try eventually("a worker", by: program) {
      worker(of: sandbox).map { kill($0, SIGKILL) == 0 } ?? false
    }
    let exit = try program.wait()
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.err.contains("is gone without an end"), "\(exit)")
    #expect(try sandbox.results() == SlurmTests.expected.get())
  }

  /// A controller that had no time to write down what it knew finds unknown tasks on the node and
  /// drains it, which its administrator mends.
  @Test(arguments: [[SlurmCluster.Daemon.slurmd], [.slurmctld, .slurmd]])
  func daemonsAreKilledAndStartedAgain(daemons: [SlurmCluster.Daemon]) throws {
    let (sandbox, cluster) = try sandbox(SlurmTests.heavy)
    defer { withExtendedLifetime(cluster) {} }
    let program = try sandbox.start(run)
    try waitForWork(sandbox, program)
    for daemon in daemons { try cluster.kill(daemon) }
    sleep(3)
    for daemon in daemons { try cluster.start(daemon) }
    try eventually("the end", every: 1_000_000) {
      _ = try cluster.run("scontrol", "update", "NodeName=localhost", "State=RESUME")
      return !program.isRunning
    }
    let exit = try program.wait()
    #expect(exit.code == 0, "\(exit)")
    #expect(try sandbox.results() == SlurmTests.expected.get())
  }

  @Test func withoutSlurmItSaysSo() throws {
    let sandbox = try Example.sandbox()
    let exit = try sandbox.run("run", "--executor", "slurm")
    #expect(exit.code == 4 && exit.err.contains("needs Slurm's commands"), "\(exit)")
  }

  /// Waits until some stage of the heavy experiment is finished.
  private func waitForWork(_ sandbox: Sandbox, _ program: Program) throws {
    let folder = "\(sandbox.folder.path)/cache/slurm"
    try eventually("work", by: program) {
      try Folder.names(folder).contains { run in
        try Folder.names("\(folder)/\(run)/1").contains {
          try $0.hasSuffix(".ledger") && !Folder.bytes("\(folder)/\(run)/1/\($0)").isEmpty
        }
      }
    }
  }

  /// A worker that runs for this sandbox.
  private func worker(of sandbox: Sandbox) -> pid_t? {
    Folder.names("/proc").compactMap { pid_t($0) }.first { process in
      guard let words = try? Folder.text("/proc/\(process)/cmdline") else { return false }
      return words.contains("\0worker\0\(sandbox.folder.path)/cache/slurm/")
    }
  }
}
