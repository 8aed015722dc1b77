import Canonical
import Glibc
import Storage

/// What a run on a cluster was started as, beside its campaigns.
struct RunNote {
  private static let fileName = "run.json"

  /// The settings that a run takes from its environment and that change what it does. URLs of shared
  /// caches are not written down, as they may hold passwords.
  private static let settings: [Settings.Name] = [.jobs, .results, .cacheRequired]

  /// The folder it was started in.
  let folder: String
  /// The words of its command.
  let words: [String]
  /// What its environment set, by the names of variables; nil in notes of older builds.
  private let variables: [String: String]?

  /// This process's.
  init() {
    let current = getcwd(nil, 0)
    defer { free(current) }
    folder = current.map { String(cString: $0) } ?? "."
    words = Array(CommandLine.arguments.dropFirst())
    let names = RunNote.settings.map(\.variable)
    variables = Dictionary(
      uniqueKeysWithValues: names.compactMap { name in
        Console.environment(name).map { (name, $0) }
      })
  }

  init?(in folder: String) throws {
    guard let bytes = try File.contents(of: "\(folder)/\(RunNote.fileName)"),
      let value = Value(json: bytes), let place = value["folder"]?.string,
      let words = value["words"]?.list?.compactMap(\.string)
    else { return nil }
    (self.folder, self.words) = (place, words)
    let names = RunNote.settings.map(\.variable)
    variables = value["variables"]?.map?.compactMapValues(\.string)
      .filter { names.contains($0.key) }
  }

  /// Writes it beside a run's campaigns; a process that attaches leaves the note of the run's start.
  func write(in folder: String) throws {
    guard words.first != "attach" else { return }
    try File.makeFolder(folder)
    let value: Value = [
      "folder": .string(self.folder), "words": .list(words.map(Value.string)),
      "variables": .map((variables ?? [:]).mapValues(Value.string)),
    ]
    try File.replace("\(folder)/\(RunNote.fileName)", with: value.jsonBytes())
  }

  /// Sets this process's environment as the run's was; its stages go to the cluster again, whatever
  /// said so then.
  func restore() {
    for name in variables == nil ? [] : RunNote.settings.map(\.variable) {
      if let value = variables?[name] { setenv(name, value, 1) } else { unsetenv(name) }
    }
    setenv(Settings.Name.executor.variable, ClusterOptions.Executor.slurm.rawValue, 1)
  }
}
