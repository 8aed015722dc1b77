import ArgumentParser
import Canonical
import Cluster
import Manifests
import Remotes
import Storage

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
    case let code as ExitCode: code.rawValue
    case is Diagnostics: say("\(error)", .usage)
    case is UsageError, is FormatError, RemoteError.location: say("mechanics: \(error)", .usage)
    case is StoreError, is ClusterError, is RemoteError: say("mechanics: \(error)", .environment)
    default: reportParsing()
    }
  }

  private func say(_ message: String, _ code: Code) -> Int32 {
    Console.error(message)
    return code.rawValue
  }

  /// Help goes to standard output; what is wrong with the arguments to standard error.
  private func reportParsing() -> Int32 {
    let message = Mechanics.fullMessage(for: error)
    if let (word, names) = Mechanics.unknownCommand(in: CommandLine.arguments.dropFirst()) {
      let near = Suggestion.nearest(to: word, among: names).map { "did you mean '\($0)'?" }
      let advice = near ?? "there are \(names.joined(separator: ", "))"
      return say("mechanics: no command '\(word)' (\(advice))", .usage)
    }
    if Mechanics.exitCode(for: error).isSuccess {
      print(message)
      return 0
    }
    return say(message, .usage)
  }
}

extension ExitCode {
  init(_ code: Failure.Code) { self.init(code.rawValue) }
}
