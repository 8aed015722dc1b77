import ArgumentParser
import Canonical
import Pipeline
import Report

/// How a plan is carried out.
struct RunOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "How many stages run at a time (default: one a core).")
  var jobs: Int?

  @Flag(help: "Stop at the first failure; otherwise all that does not depend on it runs.")
  var failFast = false

  @Option(help: "The folder that results are written to.", completion: .directory)
  var results: String?

  @Flag(help: "Print events as JSON lines on standard output.")
  var json = false

  @OptionGroup var cluster: ClusterOptions

  @Flag(inversion: .prefixedNo, help: "Draw the figures as SVG and PDF.")
  var draw = true

  func settings() throws -> Settings {
    var flags: [Settings.Name: String] = [:]
    flags[.jobs] = jobs.map(String.init)
    flags[.results] = results
    flags[.executor] = cluster.executor?.rawValue
    return try Settings(flags, slurm: cluster.changes())
  }

  func runner(_ settings: Settings, force: Bool) -> Runner.Options {
    var options = Runner.Options()
    options.jobs = settings.jobs
    options.failFast = failFast
    options.force = force
    options.producer = "\(Machine.host) mechanics-\(Mechanics.version)"
    return options
  }
}
