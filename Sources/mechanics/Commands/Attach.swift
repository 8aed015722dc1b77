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
      return try list(names, cache)
    }
    let fitting = names.filter { $0.hasPrefix(name) }
    guard fitting.count == 1, let note = try RunNote(in: "\(cache)/slurm/\(fitting[0])") else {
      throw UsageError(
        fitting.count > 1
          ? "several runs start with '\(name)': \(fitting.joined(separator: ", "))"
          : "no run '\(name)' in \(cache); 'mechanics attach' lists them")
    }
    let home = try File.real(cache)
    guard chdir(note.folder) == 0 else {
      throw UsageError("the run's folder \(note.folder) is not here any more")
    }
    note.restore()
    setenv(Settings.Name.cache.variable, home, 1)
    let command = try Mechanics.parseAsRoot(note.words.filter { $0 != "--detach" })
    guard !(command is Attach), var command = command as? any AsyncParsableCommand else {
      throw UsageError(
        "the note of '\(fitting[0])' names no run, but 'mechanics \(note.words.joined(separator: " "))': "
          + "start the run again, which follows its tasks")
    }
    try await command.run()
  }

  private func list(_ names: [String], _ cache: String) throws {
    var isEmpty = true
    for name in names {
      guard let note = try RunNote(in: "\(cache)/slurm/\(name)") else { continue }
      Console.out("\(name)  in \(note.folder): mechanics \(note.words.joined(separator: " "))\n")
      isEmpty = false
    }
    if isEmpty { Console.out("no run of a cluster in \(cache)\n") }
  }
}
