import Canonical
import Storage

/// What there is of Slurm on this machine.
package struct SlurmState: Sendable {
  /// The commands that a run on a cluster needs.
  private static let needed = ["sbatch", "squeue", "scancel", "scontrol"]

  /// The commands that are here, and the version that each says it has.
  package private(set) var commands: [(name: String, version: String)] = []
  /// What they say is wrong, such as that they find no controller; nil where nothing is.
  package private(set) var problem: String?
  /// Whether there is an accounting; nobody needs it.
  package private(set) var hasAccounting = false

  /// Asks them.
  package init() {
    for name in SlurmState.needed + ["sacct"] {
      guard let exit = SlurmState.run([name, "--version"]) else { continue }
      // Without any configuration not even the version is told, and the others would say the same.
      if let problem = SlurmState.problem(exit) {
        self.problem = problem
        return
      }
      commands.append((name, exit.output.trimmed.split(separator: " ").last.map(String.init) ?? ""))
    }
    let missing = SlurmState.needed.filter { name in !commands.contains { $0.name == name } }
    if missing.isEmpty {
      problem = SlurmState.run(["scontrol", "ping"]).flatMap(SlurmState.problem)
      hasAccounting = SlurmState.run(["sacct", "-n", "-X", "-o", "JobID"])?.status == 0
    } else if !commands.isEmpty {
      problem = "\(missing.joined(separator: ", ")) missing"
    }
  }

  package var isHere: Bool { !commands.isEmpty || problem != nil }

  /// The commands by their versions, `sbatch, squeue 22.05.8; sacct 23.02.1`.
  package var versions: String {
    var groups: [(version: String, names: [String])] = []
    for (name, version) in commands {
      if let place = groups.firstIndex(where: { $0.version == version }) {
        groups[place].names.append(name)
      } else {
        groups.append((version, [name]))
      }
    }
    return groups.map { "\($0.names.joined(separator: ", ")) \($0.version)" }
      .joined(separator: "; ")
  }

  /// How a command ended; nil where it is not here.
  private static func run(_ words: [String]) -> Subprocess.Exit? {
    try? Subprocess.output(of: words)
  }

  /// The last line of a command that failed.
  private static func problem(_ exit: Subprocess.Exit) -> String? {
    guard exit.status != 0 else { return nil }
    return exit.output.trimmed.split(separator: "\n").last.map(String.init) ?? "it failed"
  }
}
