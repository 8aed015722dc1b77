import ArgumentParser
import Canonical
import Pipeline
import Report
import Storage

/// How a plan is carried out.
struct RunOptions: ParsableArguments {
  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: "How many stages run at a time (default: one a core).")
  var jobs: Int?

  @Flag(help: "Stop at the first failure; otherwise all that does not depend on it runs.")
  var failFast = false

  @OptionGroup var shared: SharedCacheOptions

  @Option(help: "The folder that results are written to.", completion: .directory)
  var results: String?

  @Flag(help: "Print events as JSON lines on standard output.")
  var json = false

  @OptionGroup var cluster: ClusterOptions

  @Flag(inversion: .prefixedNo, help: "Draw the figures as SVG and PDF.")
  var draw = true

  func settings() throws -> Settings {
    var flags = shared.flags
    flags[.jobs] = jobs.map(String.init)
    flags[.results] = results
    flags[.executor] = cluster.executor?.rawValue
    let settings = try Settings(flags, slurm: cluster.changes())
    if settings[.executor] != "slurm", let flag = cluster.flags.first {
      throw UsageError("\(flag) is for a cluster: give --executor slurm as well")
    }
    return settings
  }

  func runner(_ settings: Settings, force: Bool) -> Runner.Options {
    var options = settings.runner
    options.failFast = failFast
    options.force = force
    return options
  }
}

extension Settings {
  /// How stages are executed.
  var runner: Runner.Options {
    var options = Runner.Options()
    options.jobs = jobs
    options.limits = limits
    options.isolation = ["/proc/self/exe", StageCommand.configuration.commandName!]
    options.producer = { Machine.producer }
    return options
  }
}

extension Machine {
  /// Who writes records: host, version and the first digits of the program's own digest, so that what
  /// a bad machine or build has made can be found and purged. Never in a key or a result.
  static let producer: String = {
    let program = (try? File.contents(of: "/proc/self/exe")).flatMap(\.self)
    let digest = program.map { " \(Digest(of: $0).short)" } ?? ""
    return "\(host) mechanics-\(Mechanics.version)\(digest)"
  }()
}
