import ArgumentParser
import Canonical
import Cluster
import Glibc
import Storage

/// `mechanics attach`
struct Attach: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Follow a run on a cluster that was detached, to its results.",
    discussion: """
      Without a name it lists the runs of this cache. With one, it goes on with that run's command \
      in that run's folder: tasks that are alive are followed, what has no result is submitted again.

        mechanics run --executor slurm --detach
        mechanics attach 3f9ac1d2b4
      """)

  @Argument(help: "The run's name, as it was printed at its submission; its start is enough.")
  var name: String?

  func run() async throws {
    let cache = try Settings()[.cache]
    let names = try File.names(in: "\(cache)/slurm")
    guard let name else {
      for name in names {
        guard let note = try RunNote(in: "\(cache)/slurm/\(name)") else { continue }
        Console.out("\(name)  in \(note.folder): mechanics \(note.words.joined(separator: " "))\n")
      }
      return
    }
    let fitting = names.filter { $0.hasPrefix(name) }
    guard fitting.count == 1, let note = try RunNote(in: "\(cache)/slurm/\(fitting[0])") else {
      throw UsageError(
        fitting.count > 1
          ? "several runs start with '\(name)': \(fitting.joined(separator: ", "))"
          : "no run '\(name)' in \(cache); 'mechanics attach' lists them")
    }
    guard chdir(note.folder) == 0 else {
      throw UsageError("the run's folder \(note.folder) is not here any more")
    }
    setenv("MECHANICS_CACHE", cache, 1)
    let command = try Mechanics.parseAsRoot(note.words.filter { $0 != "--detach" })
    guard var command = command as? any AsyncParsableCommand else { return }
    try await command.run()
  }
}

/// What a run on a cluster was started as, beside its campaigns.
struct RunNote {
  private static let fileName = "run.json"

  /// The folder it was started in.
  let folder: String
  /// The words of its command.
  let words: [String]

  /// This process's.
  init() {
    let current = getcwd(nil, 0)
    defer { free(current) }
    folder = current.map { String(cString: $0) } ?? "."
    words = Array(CommandLine.arguments.dropFirst())
  }

  init?(in folder: String) throws {
    guard let bytes = try File.contents(of: "\(folder)/\(RunNote.fileName)"),
      let value = Value(json: bytes), let place = value["folder"]?.string,
      let words = value["words"]?.list?.compactMap(\.string)
    else { return nil }
    (self.folder, self.words) = (place, words)
  }

  func write(in folder: String) throws {
    try File.makeFolder(folder)
    let value: Value = ["folder": .string(self.folder), "words": .list(words.map(Value.string))]
    try File.replace("\(folder)/\(RunNote.fileName)", with: value.jsonBytes())
  }
}
