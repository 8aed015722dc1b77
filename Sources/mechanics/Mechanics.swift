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
      SVM.self, Predict.self, Cache.self, Config.self, Doctor.self, Attach.self,
      WorkerCommand.self, StageCommand.self,
    ])

  /// The names of the commands.
  static var commandNames: [String] {
    configuration.subcommands.map { command in
      command.configuration.commandName ?? command._commandName
    }
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
      Glibc.exit(Failure(error).report())
    }
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
    let code = Mechanics.exitCode(for: error)
    var message = Mechanics.fullMessage(for: error)
    if let word = CommandLine.arguments.dropFirst().first, message.contains("'\(word)'"),
      let near = Suggestion.nearest(to: word, among: Mechanics.commandNames)
    {
      message = "mechanics: no command '\(word)' (did you mean '\(near)'?)"
    }
    if code.isSuccess {
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
