import ArgumentParser
import Glibc

/// The command line; what it does is in the rooms below.
@main
struct Mechanics: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "mechanics",
    abstract: "Reproduce, check and extend experiments on how self-attention learns.",
    discussion: """
      A manifest (YAML) states an experiment: data, training, seeds, sweeps, figures and claims. \
      It is expanded into stages, whose outputs are kept by content and never computed twice.

        mechanics run manifests/cyclic.yaml     run one experiment
        mechanics run                           run all of manifests/
        mechanics reproduce                     and compare with results/
        mechanics explain 'cyclic/gd[seed=7]'   why would this stage run?

      Exit codes: 0 success; 1 a stage failed, or a claim is broken or undecided; 2 bad manifest or \
      usage; 3 results differ from the recorded ones; 4 environment (disk, permission, missing \
      tool); 130 interrupted.
      """,
    version: version,
    subcommands: [
      Run.self, Reproduce.self, Accept.self, PlanCommand.self, Explain.self, Validate.self,
      Schema.self, Show.self, Init.self, Query.self, Diff.self, Export.self, ReportCommand.self,
      SVM.self, Predict.self, Cache.self, Config.self, Doctor.self, Status.self,
      Attach.self, WorkerCommand.self, StageCommand.self,
    ])

  /// The first word that is at the place of a command and names none, and the names that could be there.
  static func unknownCommand(in words: some Sequence<String>) -> (word: String, names: [String])? {
    var command: any ParsableCommand.Type = Mechanics.self
    for word in words.drop(while: { $0 == "help" }) {
      let commands = command.configuration.subcommands
      if word.hasPrefix("-") || commands.isEmpty { return nil }
      guard let named = commands.first(where: { $0.name == word }) else {
        return (word, commands.filter { $0.configuration.shouldDisplay }.map { $0.name })
      }
      command = named
    }
    return nil
  }

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      let code = Failure(error).report()
      Glibc.exit(Interruption.isAwaited ? Failure.Code.interrupted.rawValue : code)
    }
    if Interruption.isAwaited { Glibc.exit(Failure.Code.interrupted.rawValue) }
  }
}

extension ParsableCommand {
  fileprivate static var name: String { configuration.commandName ?? _commandName }
}
