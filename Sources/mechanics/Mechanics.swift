import ArgumentParser
import Canonical
import Cluster
import Glibc
import Manifests
import Remotes
import Storage

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

/// How a command fails: what it says on standard error, and its exit code.
struct Failure {
  enum Code: Int32 {
    case stageOrClaim = 1
    case usage = 2
    case differs = 3
    case environment = 4
    case interrupted = 130
  }

  private let error: any Error

  init(_ error: any Error) { self.error = error }

  /// Says what is wrong.
  /// - Returns: the exit code.
  func report() -> Int32 {
    switch error {
    case let diagnostics as Diagnostics:
      Console.error(diagnostics.description)
      return Code.usage.rawValue
    case let error as StoreError:
      Console.error("mechanics: \(error)")
      return Code.environment.rawValue
    case let error as ClusterError:
      Console.error("mechanics: \(error)")
      return Code.environment.rawValue
    case let error as RemoteError:
      Console.error("mechanics: \(error)")
      if case .location = error { return Code.usage.rawValue }
      return Code.environment.rawValue
    case let error as UsageError:
      Console.error("mechanics: \(error)")
      return Code.usage.rawValue
    case let code as ExitCode: return code.rawValue
    case let error as FormatError:
      Console.error("mechanics: \(error)")
      return Code.usage.rawValue
    default:
      return reportParsing()
    }
  }

  /// Help goes to standard output; what is wrong with the arguments to standard error.
  private func reportParsing() -> Int32 {
    let message = Mechanics.fullMessage(for: error)
    if let (word, names) = Mechanics.unknownCommand(in: CommandLine.arguments.dropFirst()) {
      let near = Suggestion.nearest(to: word, among: names).map { "did you mean '\($0)'?" }
      Console.error(
        "mechanics: no command '\(word)' (\(near ?? "there are \(names.joined(separator: ", "))"))")
      return Code.usage.rawValue
    }
    if Mechanics.exitCode(for: error).isSuccess {
      print(message)
      return 0
    }
    Console.error(message)
    return Code.usage.rawValue
  }
}

/// Arguments that fit the syntax, but not what is there.
struct UsageError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension ExitCode {
  init(_ code: Failure.Code) { self.init(code.rawValue) }
}

extension ParsableCommand {
  fileprivate static var name: String { configuration.commandName ?? _commandName }
}
