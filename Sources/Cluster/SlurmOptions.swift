import Canonical

/// What is asked of Slurm for every task; from `slurm:` of the settings, or `--slurm name=value`.
package struct SlurmOptions: Sendable {
  package var partition: String?
  package var account: String?
  /// The time limit of a task, in minutes.
  package var time: Int?
  /// The memory of a task, as `sbatch --mem` takes it.
  package var memory: String?
  /// What `module load` loads before the worker starts.
  package var modules: [String] = []
  /// Further words for `sbatch`, as they are.
  package var flags: [String] = []
  package var limits = Shards.Limits()

  package init() {}

  package static let names = [
    "account", "flags", "memory", "modules", "partition", "task-seconds", "tasks", "time",
  ]

  /// Takes one setting over.
  /// - Throws: `FormatError` where there is none of this name, or the value does not fit.
  package mutating func set(_ name: String, _ value: Value) throws(FormatError) {
    switch name {
    case "partition": partition = try text(name, value)
    case "account": account = try text(name, value)
    case "memory": memory = try text(name, value)
    case "time": time = try positive(name, value)
    case "tasks": limits.tasks = try positive(name, value)
    case "task-seconds": limits.seconds = Double(try positive(name, value))
    case "modules": modules = try texts(name, value)
    case "flags": flags = try texts(name, value)
    default:
      throw FormatError(
        "slurm has no setting '\(name)'; there are \(SlurmOptions.names.joined(separator: ", "))")
    }
  }

  private func text(_ name: String, _ value: Value) throws(FormatError) -> String {
    guard let text = value.string ?? value.integer.map({ String($0) }), !text.isEmpty else {
      throw FormatError("slurm's \(name) must be a word, not \(value.json())")
    }
    return text
  }

  private func texts(_ name: String, _ value: Value) throws(FormatError) -> [String] {
    guard let list = value.list else { return [try text(name, value)] }
    var texts: [String] = []
    for item in list { texts.append(try text(name, item)) }
    return texts
  }

  private func positive(_ name: String, _ value: Value) throws(FormatError) -> Int {
    guard let number = value.integer, number > 0 else {
      throw FormatError("slurm's \(name) must be a positive whole number, not \(value.json())")
    }
    return number
  }

  /// The words for `sbatch`.
  var words: [String] {
    var words: [String] = []
    if let partition { words.append("--partition=\(partition)") }
    if let account { words.append("--account=\(account)") }
    if let time { words.append("--time=\(time)") }
    if let memory { words.append("--mem=\(memory)") }
    return words + flags
  }
}
