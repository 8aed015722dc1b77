import ArgumentParser
import Canonical
import Cluster
import Manifests

/// Where stages are executed.
struct ClusterOptions: ParsableArguments {
  @Option(help: "Where stages are executed: 'local', or 'slurm' for a cluster (default: local).")
  var executor: Executor?

  @Option(
    help: ArgumentHelp(
      "Ask Slurm for this, such as partition=long, time=60, memory=2G or tasks=100.",
      valueName: "name=value"))
  var slurm: [String] = []

  @Flag(help: "Submit to the cluster and leave; 'mechanics attach' follows.")
  var detach = false

  enum Executor: String, ExpressibleByArgument, CaseIterable { case local, slurm }

  /// The flags that were given, but the executor.
  var flags: [String] { (detach ? ["--detach"] : []) + (slurm.isEmpty ? [] : ["--slurm"]) }

  /// What the flags say, name by name.
  func changes() throws -> [(name: String, value: Value)] {
    try slurm.map { word in
      guard let sign = word.firstIndex(of: "=") else {
        throw UsageError("--slurm takes name=value, not '\(word)'")
      }
      return (String(word[..<sign]), Value(scalar: String(word[word.index(after: sign)...])))
    }
  }
}

extension Value {
  /// A word of the command line: a whole number where it is one.
  fileprivate init(scalar word: String) { self = Int(word).map(Value.integer) ?? .string(word) }
}
