import Foundation
import TestSupport

/// A thousand stages on a Slurm of its own with 32 declared processors, beside the same run without it.
enum ClusterBenchmark {
  private static let manifest = """
    experiment: thousand
    title: A thousand stages
    data: {vocabulary: 6, dimension: 8, length: 4, sequences: 6, structure: cyclic}
    train: {iterations: 200000, record: {log: 20}}
    seeds: 1..166

    """

  static func run(in folder: URL) throws {
    guard SlurmCluster.isInstalled else {
      return print("slurm-wlm and munge are not installed: nothing is measured")
    }
    header(["executor", "stages", "wall s", "overhead, s", "results"])
    let local = try Run(["--executor", "local"], [:])
    row(["local, 2 jobs", local.stages, text(local.wall, 2), "", ""])
    let cluster = try SlurmCluster()
    let remote = try Run(["--executor", "slurm"], cluster.environment)
    row([
      "slurm, \(remote.tasks) tasks", remote.stages, text(remote.wall, 2),
      text(remote.wall - local.wall, 2), remote.results == local.results ? "equal" : "DIFFERENT",
    ])
  }

  /// One run, cold, with a cache of its own.
  private struct Run {
    let wall: Double
    let stages: String
    /// How many tasks were submitted.
    let tasks: String
    let results: [String: [UInt8]]

    init(_ words: [String], _ environment: [String: String]) throws {
      let sandbox = try Sandbox(["manifests/thousand.yaml": manifest])
      sandbox.program = binary
      sandbox.environment.merge(environment) { $1 }
      let start = ContinuousClock.now
      let exit = try sandbox.start(["run"] + words).wait()
      wall = (ContinuousClock.now - start) / .seconds(1)
      precondition(exit.code == 0, exit.description)
      stages = String(exit.lastLine.prefix { $0 != " " })
      tasks = exit.err.firstMatch(of: /as ([0-9]+) tasks/).map { String($0.1) } ?? ""
      results = try sandbox.results()
    }
  }
}
