import Canonical
import Storage

/// The scheduler's commands. What it answers is its word, which comes second: a question that it
/// does not answer is nil, never "no".
struct Slurm: Sendable {
  /// A task of an array that the scheduler still has.
  struct Task: Hashable, Sendable {
    let job: String
    /// The number of its layer, the end of its job's name.
    let layer: Int?
    let number: Int
    /// `PENDING`, `RUNNING` and the like.
    let state: String
    /// Why it is pending.
    let reason: String

    /// Whether it will never start by itself: it was requeued after its node failed, and is held.
    var isLost: Bool { reason.contains("requeued held") }

    /// Why it does not start, where that is not the usual course of things.
    var trouble: String {
      let usual = ["None", "Priority", "Resources", "Dependency", "BeginTime", "Prolog"]
      return state != "PENDING" || usual.contains(reason) ? "" : reason
    }
  }

  /// Submits a script as an array of `count` tasks that starts after the job `before` has ended.
  /// - Returns: the job's number.
  /// - Throws: ``ClusterError`` with what `sbatch` said.
  func submit(
    _ script: String, name: String, count: Int, log: String, after before: String?,
    _ options: SlurmOptions
  ) throws -> String {
    var words = [
      "sbatch", "--parsable", "--job-name=\(name)", "--array=0-\(count - 1)", "--output=\(log)",
      "--cpus-per-task=1", "--kill-on-invalid-dep=yes",
    ]
    if let before { words.append("--dependency=afterany:\(before)") }
    let exit = try run(words + options.words + [script])
    // `--parsable` prints the number, and behind a semicolon the cluster.
    let line = exit.output.split(separator: "\n").last ?? ""
    let job = line.prefix { $0 != ";" }
    guard exit.status == 0, !job.isEmpty, job.allSatisfy(\.isNumber) else {
      throw ClusterError("sbatch refused the job: \(exit.output.trimmed)")
    }
    return String(job)
  }

  /// The tasks of the jobs of a name that wait or run; nil where the scheduler does not answer.
  func tasks(named name: String) throws -> [Task]? {
    let exit = try run(["squeue", "-h", "-r", "-n", name, "-o", "%F %j %K %T %r"])
    guard exit.status == 0 else { return nil }
    return exit.output.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ", maxSplits: 4)
      guard words.count >= 4, let number = Int(words[2]) else { return nil }
      return Task(
        job: String(words[0]), layer: words[1].split(separator: ".").last.flatMap { Int($0) },
        number: number, state: String(words[3]),
        reason: words.count > 4 ? String(words[4]) : "")
    }
  }

  /// Cancels the jobs of a name.
  func cancel(named name: String) throws {
    let exit = try run(["scancel", "--name=\(name)"])
    guard exit.status == 0 else { throw ClusterError("scancel: \(exit.output.trimmed)") }
  }

  /// How the accounting says that a task ended, where there is an accounting.
  func end(of job: String, task: Int) -> String? {
    guard
      let exit = try? run([
        "sacct", "-n", "-X", "-P", "-j", "\(job)_\(task)", "-o", "State,ExitCode",
      ]),
      exit.status == 0, let line = exit.output.split(separator: "\n").first
    else { return nil }
    return String(line).replacing("|", with: ", exit code ")
  }

  /// The most tasks that one array may have; nil where the scheduler does not say.
  func largestArray() -> Int? {
    guard let exit = try? run(["scontrol", "show", "config"]), exit.status == 0 else { return nil }
    for line in exit.output.split(separator: "\n") where line.hasPrefix("MaxArraySize") {
      return line.split(separator: " ").last.flatMap { Int($0) }
    }
    return nil
  }

  private func run(_ words: [String]) throws -> Subprocess.Exit {
    do {
      return try Subprocess.output(of: words)
    } catch {
      throw ClusterError(
        "\(words[0]) is not here: '--executor slurm' needs Slurm's commands on this machine")
    }
  }
}

extension String {
  /// Without white space at its ends.
  var trimmed: String {
    var text = self[...]
    while text.last?.isWhitespace ?? false { text.removeLast() }
    while text.first?.isWhitespace ?? false { text.removeFirst() }
    return String(text)
  }
}
