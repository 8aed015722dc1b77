import Canonical
import Glibc
import Pipeline
import Storage
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
    var timeLeft: TimeLeft
    /// Whether what is recorded has been asked for.
    var hasRecalled = false
    var tally: Tally
    var lastWritten = ContinuousClock.now
    var hasToldOfDistance = false
    /// Nothing is written for others any more.
    var isOver = false

    init(_ plan: Plan, wanted: [Bool]) {
      (timeLeft, tally) = (TimeLeft(plan, wanted: wanted), Tally(plan))
    }

    /// What was finished is not any more.
    mutating func lose(_ stage: Int) {
      if tally.reused[stage] { found -= 1 } else { executed -= 1 }
    }

    var kept: Int { executed + found }
    var done: Int { kept + failed }
  }

  /// So many stages that fail are told at once.
  private static let toldFailures = 5

  private let plan: Plan
  private let json: Bool
  private let start = ContinuousClock.now
  private let isTerminal = Console.isTerminal
  private let counts: Mutex<Counts>
  private let store: Store
  /// Where other processes read how far the run is.
  private let status: StatusFile

  init(_ plan: Plan, wanted: [Bool], json: Bool, _ store: Store) {
    (self.plan, self.json, self.store) = (plan, json, store)
    status = StatusFile(in: store.path)
    counts = Mutex(Counts(plan, wanted: wanted))
  }

  func show(_ event: Event) {
    if json { write(event) }
    counts.withLock { counts in
      counts.tally.note(event)
      counts.timeLeft.note(event, at: seconds)
      defer { writeStatus(&counts, event) }
      switch event {
      case .began(let wanted): counts.wanted = wanted
      case .found, .fetched: counts.found += 1
      case .executed: counts.executed += 1
      case .started(let stage): showLine(&counts, stage)
      case .failed(let stage, let reason):
        counts.failed += 1
        if counts.failed <= Progress.toldFailures {
          say("failed: \(plan.address(of: stage)): \(reason)", &counts)
        } else if counts.failed == Progress.toldFailures + 1 {
          say("failed: and more, which are summed up at the end", &counts)
        }
      case .damaged(let stage):
        counts.lose(stage)
        say("damaged in the cache, made again: \(plan.address(of: stage))", &counts)
      case .distant(let stage):
        counts.lose(stage)
        guard !counts.hasToldOfDistance else { break }
        counts.hasToldOfDistance = true
        say(
          "only a shared cache has what some stages put out, such as \(plan.address(of: stage)): "
            + "made again here; --cache would fetch it", &counts)
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
  func end() {
    counts.withLock { counts in
      closeLine(&counts)
      close(&counts)
    }
  }

  private func close(_ counts: inout Counts) {
    counts.isOver = true
    status.remove()
  }

  var tally: Tally { counts.withLock(\.tally) }

  /// The seconds since the run began.
  var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// What is finished so far, for a run that is interrupted.
  var interruption: String {
    counts.withLock { counts in
      close(&counts)
      return
        "interrupted: \(counts.kept) of \(counts.wanted) stages finished and kept; run again to go on"
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

  /// The rate so far, and the time left once enough is known of it.
  private func timeLeft(_ counts: inout Counts) -> String {
    guard counts.executed > 0, seconds > 0.1 else { return "" }
    let rate = Double(counts.executed) / seconds
    let perSecond = rate < 10 ? String((rate * 10).rounded() / 10) : String(Int(rate))
    let left = secondsLeft(&counts).map { ", \(Console.clock($0)) left" } ?? ""
    return ", \(perSecond)/s\(left)"
  }

  private func secondsLeft(_ counts: inout Counts) -> Double? {
    if !counts.hasRecalled { counts.timeLeft.recall(plan, store) }
    counts.hasRecalled = true
    return counts.timeLeft.seconds(at: seconds)
  }

  /// Once a second, for those who ask from elsewhere; runs that are over by then leave no trace.
  private func writeStatus(_ counts: inout Counts, _ event: Event) {
    let now = ContinuousClock.now
    guard !counts.isOver, now - counts.lastWritten > .seconds(1) else { return }
    counts.lastWritten = now
    var entries: [String: Value] = [
      "wanted": .integer(counts.wanted), "executed": .integer(counts.executed),
      "found": .integer(counts.found), "failed": .integer(counts.failed),
    ]
    entries["seconds-left"] = secondsLeft(&counts).map(Value.number)
    if case .started(let stage) = event { entries["stage"] = .string(plan.address(of: stage)) }
    status.write(entries)
  }

  private func write(_ event: Event) {
    var entries: [String: Value] = ["event": .string(event.name)]
    switch event {
    case .began(let wanted): entries["wanted"] = .integer(wanted)
    case .found(let stage), .fetched(let stage), .started(let stage), .elsewhere(let stage),
      .damaged(let stage), .distant(let stage):
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
    case .distant: "distant"
    case .nondeterministic: "nondeterministic"
    case .notice: "notice"
    }
  }
}
