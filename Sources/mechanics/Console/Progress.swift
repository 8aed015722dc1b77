import Canonical
import Dispatch
import Glibc
import Pipeline
import Synchronization

/// Shows the events of a run: a line that is rewritten on a terminal, plain lines elsewhere, JSON
/// lines on standard output where asked for.
final class Progress: Sendable {
  private struct Counts {
    var wanted = 0
    var executed = 0
    var found = 0
    var failed = 0
    var lastShown = ContinuousClock.now
    var lineIsOpen = false

    var done: Int { executed + found + failed }
  }

  private let plan: Plan
  private let json: Bool
  private let start = ContinuousClock.now
  private let isTerminal = Console.isTerminal
  private let counts = Mutex(Counts())

  init(_ plan: Plan, json: Bool) { (self.plan, self.json) = (plan, json) }

  func show(_ event: Event) {
    if json { write(event) }
    counts.withLock { counts in
      switch event {
      case .began(let wanted): counts.wanted = wanted
      case .found, .fetched: counts.found += 1
      case .executed: counts.executed += 1
      case .started(let stage): showLine(&counts, stage)
      case .failed(let stage, let reason):
        counts.failed += 1
        say("failed: \(plan.address(of: stage)): \(reason)", &counts)
      case .damaged(let stage):
        say("damaged in the cache, made again: \(plan.address(of: stage))", &counts)
      case .nondeterministic(let stage, let recorded, let now):
        counts.failed += 1
        say(
          "nondeterminism found: \(plan.address(of: stage)) put out \(now.short), "
            + "recorded under the same key: \(recorded.short)", &counts)
      case .elsewhere: break
      }
    }
  }

  /// Ends the line on the terminal.
  func end() { counts.withLock { closeLine(&$0) } }

  /// What is finished so far, for a run that is interrupted.
  var interruption: String {
    counts.withLock {
      "interrupted: \($0.done) of \($0.wanted) stages finished and kept; run again to go on"
    }
  }

  private func say(_ line: String, _ counts: inout Counts) {
    closeLine(&counts)
    Console.error(line)
  }

  private func closeLine(_ counts: inout Counts) {
    if counts.lineIsOpen { Console.write("\r\u{1b}[K", to: STDERR_FILENO) }
    counts.lineIsOpen = false
  }

  /// Ten times a second on a terminal, every two seconds elsewhere.
  private func showLine(_ counts: inout Counts, _ stage: Int) {
    let now = ContinuousClock.now
    guard now - counts.lastShown > (isTerminal ? .milliseconds(100) : .seconds(2)) else { return }
    counts.lastShown = now
    let line =
      "[\(counts.done)/\(counts.wanted)] \(counts.found) cached, \(plan.address(of: stage))"
      + timeLeft(counts, now)
    if isTerminal {
      Console.write("\r\u{1b}[K" + String(line.prefix(Console.width - 1)), to: STDERR_FILENO)
      counts.lineIsOpen = true
    } else {
      Console.error(line)
    }
  }

  private func timeLeft(_ counts: Counts, _ now: ContinuousClock.Instant) -> String {
    guard counts.executed > 0 else { return "" }
    let perStage = (now - start) / counts.executed
    let seconds = Int((perStage * (counts.wanted - counts.done)) / .seconds(1))
    let remainder = seconds % 60
    return ", about \(seconds / 60):\(remainder < 10 ? "0" : "")\(remainder) left"
  }

  private func write(_ event: Event) {
    var entries: [String: Value] = ["event": .string(event.name)]
    switch event {
    case .began(let wanted): entries["wanted"] = .integer(wanted)
    case .found(let stage), .fetched(let stage), .started(let stage), .elsewhere(let stage),
      .damaged(let stage):
      entries["stage"] = .string(plan.address(of: stage))
    case .executed(let stage, let seconds):
      entries["stage"] = .string(plan.address(of: stage))
      entries["seconds"] = .number(seconds)
    case .failed(let stage, let reason):
      entries["stage"] = .string(plan.address(of: stage))
      entries["reason"] = .string(reason)
    case .nondeterministic(let stage, let recorded, let now):
      entries["stage"] = .string(plan.address(of: stage))
      entries["recorded"] = .string(recorded.hex)
      entries["now"] = .string(now.hex)
    }
    Console.out(Value.map(entries).json() + "\n")
  }
}

extension Event {
  fileprivate var name: String {
    switch self {
    case .began: "began"
    case .found: "found"
    case .fetched: "fetched"
    case .started: "started"
    case .executed: "executed"
    case .failed: "failed"
    case .elsewhere: "elsewhere"
    case .damaged: "damaged"
    case .nondeterministic: "nondeterministic"
    }
  }
}

/// Ends the program cleanly on Ctrl-C or a request to terminate: what is finished is in the store
/// already, and what is running leaves nothing behind.
struct Interruption {
  private let sources: [any DispatchSourceSignal]

  init(_ message: @escaping @Sendable () -> String) {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { @Sendable in
        Console.error("\n" + message())
        _exit(Failure.Code.interrupted.rawValue)
      }
      source.resume()
      return source
    }
  }
}
