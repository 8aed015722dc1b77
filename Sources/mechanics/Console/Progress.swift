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
    /// For each kind of stage: how many are left, and how many took how long.
    var kinds: [(left: Int, executed: Int, seconds: Double)] = []
    /// The seconds that a stage of each kind took before, once they were asked for.
    var recorded: [Double] = []

    var done: Int { executed + found + failed }
  }

  private let plan: Plan
  private let json: Bool
  private let start = ContinuousClock.now
  private let isTerminal = Console.isTerminal
  private let counts = Mutex(Counts())

  private let recorded: @Sendable () -> [Double]

  /// - Parameter recorded: the mean seconds of a recorded stage of each kind of the catalog.
  init(_ plan: Plan, wanted: [Bool], json: Bool, recorded: @escaping @Sendable () -> [Double]) {
    (self.plan, self.json, self.recorded) = (plan, json, recorded)
    var kinds = plan.catalog.kinds.map { _ in (left: 0, executed: 0, seconds: 0.0) }
    for stage in plan.stages.indices where wanted[stage] {
      kinds[plan.stages[stage].kind].left += 1
    }
    counts.withLock { [kinds] in $0.kinds = kinds }
  }

  func show(_ event: Event) {
    if json { write(event) }
    counts.withLock { counts in
      switch event {
      case .began(let wanted): counts.wanted = wanted
      case .found(let stage), .fetched(let stage):
        counts.found += 1
        counts.kinds[plan.stages[stage].kind].left -= 1
      case .executed(let stage, let seconds):
        counts.executed += 1
        let kind = plan.stages[stage].kind
        counts.kinds[kind].left -= 1
        counts.kinds[kind].executed += 1
        counts.kinds[kind].seconds += seconds
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
      case .notice(let text): say(text, &counts)
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
    // What matters most comes first: the stage's name is cut where the terminal is narrow.
    let line =
      "[\(counts.done)/\(counts.wanted)] \(counts.found) cached"
      + "\(timeLeft(&counts)), \(plan.address(of: stage))"
    if isTerminal {
      Console.write("\r\u{1b}[K" + String(line.prefix(Console.width - 1)), to: STDERR_FILENO)
      counts.lineIsOpen = true
    } else {
      Console.error(line)
    }
  }

  /// The rate so far, and the time left by what stages of each kind took, here or ever before.
  private func timeLeft(_ counts: inout Counts) -> String {
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    guard counts.executed > 0, elapsed > 0.1 else { return "" }
    if counts.recorded.isEmpty { counts.recorded = recorded() }
    var (spent, rest) = (0.0, 0.0)
    for (kind, use) in counts.kinds.enumerated() {
      spent += use.seconds
      let mean = use.executed > 0 ? use.seconds / Double(use.executed) : counts.recorded[kind]
      rest += mean * Double(use.left)
    }
    // As many stages at a time as there were so far.
    let seconds = Int(rest * elapsed / max(spent, 1e-9))
    let (rate, remainder) = (Double(counts.executed) / elapsed, seconds % 60)
    let perSecond = rate < 10 ? String((rate * 10).rounded() / 10) : String(Int(rate))
    return ", \(perSecond)/s, \(seconds / 60):\(remainder < 10 ? "0" : "")\(remainder) left"
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
    case .notice(let text): entries["text"] = .string(text)
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
    case .notice: "notice"
    }
  }
}

/// Ends the program cleanly on Ctrl-C or a request to terminate: what is finished is in the store
/// already, and what is running leaves nothing behind.
struct Interruption {
  private let sources: [any DispatchSourceSignal]

  /// - Parameter message: What is said at the end; nil where the run goes on.
  init(_ message: @escaping @Sendable () -> String?) {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { @Sendable in
        guard let message = message() else { return }
        Console.error("\n" + message)
        _exit(Failure.Code.interrupted.rawValue)
      }
      source.resume()
      return source
    }
  }
}
