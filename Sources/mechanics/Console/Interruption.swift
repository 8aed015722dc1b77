import Dispatch
import Glibc
import Storage
import Synchronization

/// Ends the program cleanly on Ctrl-C or a request to terminate, as long as it lives: what is finished
/// is in the store already, and what is running leaves nothing behind.
///
/// Once there was one, a signal that comes while there is none, as while results are written, waits
/// for the next one, or for the end of the program; a second one ends it at once.
final class Interruption: Sendable {
  private struct State {
    /// What the one that lives has to say.
    var message: (@Sendable () -> String?)?
    var isAwaited = false
  }

  private static let state = Mutex(State())
  /// Made once and never touched again: signals are lost where their sources are made anew.
  nonisolated(unsafe) private static let sources: [any DispatchSourceSignal] = [SIGINT, SIGTERM].map
  { number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler { @Sendable in end() }
    source.resume()
    return source
  }

  /// - Parameter message: What is said at the end; nil where the run goes on.
  init(_ message: @escaping @Sendable () -> String?) {
    let isAwaited = Interruption.state.withLock { state in
      defer { state = State(message: message) }
      return state.isAwaited
    }
    _ = Interruption.sources
    if isAwaited { Interruption.end() }
  }

  deinit { Interruption.state.withLock { $0.message = nil } }

  /// Ends the tools that this program runs, instead of itself: who waits for one goes on, finds the
  /// signal awaited and comes to an end.
  static func endingTools(_ message: String) -> Interruption {
    Interruption {
      state.withLock { $0.isAwaited = true }
      Console.error("\n" + message)
      Subprocess.terminateAll()
      return nil
    }
  }

  /// Whether a signal came that did not end the program yet.
  static var isAwaited: Bool { state.withLock(\.isAwaited) }

  private static func end() {
    let (message, isSecond) = state.withLock { state in
      defer { state.isAwaited = state.isAwaited || state.message == nil }
      return (state.message, state.isAwaited)
    }
    if !isSecond {
      guard let text = message?() else { return }
      Console.error("\n" + text)
    }
    _exit(Failure.Code.interrupted.rawValue)
  }
}
