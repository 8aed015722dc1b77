import Cluster
import Glibc

/// What becomes of the jobs when the one who follows them is interrupted: on a terminal the user is
/// asked, elsewhere they are cancelled.
struct ClusterQuestion {
  private let runner: ClusterRunner

  init(_ runner: ClusterRunner) { self.runner = runner }

  /// What to say at the end; nil where the run is followed on.
  var answer: String? {
    guard isatty(STDIN_FILENO) == 1, Console.isTerminal else { return cancel() }
    while true {
      Console.write(
        "\nThe jobs are on the cluster: (c)ancel them, (d)etach, or (w)ait on? ", to: STDERR_FILENO)
      switch readLine()?.first {
      case "c": return cancel()
      case "d": return "detached: 'mechanics attach \(runner.name)' follows the run"
      case "w": return nil
      case nil: return cancel()
      default: continue
      }
    }
  }

  private func cancel() -> String {
    do {
      try runner.cancel()
      return "interrupted: the jobs are cancelled; what is finished is kept; run again to go on"
    } catch {
      return "interrupted: the jobs could not be cancelled (\(error)): scancel them by hand"
    }
  }
}
