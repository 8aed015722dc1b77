import Canonical
import Pipeline
import Storage

/// Follows one campaign to its end.
struct Watch {
  /// A task that the scheduler does not know any more, at so many questions in a row, is gone.
  private static let absences = 3
  /// How long outputs that a ledger names may take to be seen here, as on a network's file system.
  private static let patience: Duration = .seconds(90)

  private let campaign: Campaign
  private var progress: Progress
  private let plan: Plan
  private let store: Store
  private let slurm: Slurm
  private let report: @Sendable (Event) -> Void

  private var readers: [Campaign.Place: Ledger.Reader]
  /// The tasks without an end, and how often in a row the scheduler did not know each.
  private var open: [Campaign.Place: Int]
  /// What ledgers said of stages that are not finished here yet.
  private var heard: [Int: Ledger.Line] = [:]
  /// The stages that the tasks are to make, whose inputs are here.
  private var awaited: Set<Int>
  /// What was last said of the scheduler.
  private var said = ""

  init(
    _ campaign: Campaign, _ progress: Progress, _ plan: Plan, _ store: Store, _ slurm: Slurm,
    _ report: @escaping @Sendable (Event) -> Void
  ) {
    self.campaign = campaign
    self.progress = progress
    self.progress.delegate(progress.unfinished)
    awaited = Set(progress.running)
    self.plan = plan
    self.store = store
    self.slurm = slurm
    self.report = report
    readers = Dictionary(
      uniqueKeysWithValues: campaign.places.map { ($0, Ledger.Reader(campaign.ledger(of: $0))) })
    open = Dictionary(uniqueKeysWithValues: campaign.places.map { ($0, 0) })
  }

  /// - Returns: what is known when every task has ended or is gone.
  mutating func follow() async throws -> Progress {
    let clock = ContinuousClock()
    var pause = Duration.milliseconds(100)
    var lastQuestion = clock.now
    while !open.isEmpty {
      let hasNews = try listen()
      try catchUp()
      pause = hasNews ? .milliseconds(100) : min(pause * 1.2, .seconds(1))
      if clock.now - lastQuestion > max(.seconds(1), pause * 3) {
        try ask()
        lastQuestion = clock.now
      }
      if !open.isEmpty { try await Task.sleep(for: pause) }
    }
    // What the scheduler still has now, such as a task that it requeued, has nothing left to do.
    if let living = try campaign.living(slurm), !living.isEmpty { try campaign.cancel(slurm) }
    let deadline = clock.now + Watch.patience
    try catchUp()
    while !heard.isEmpty, clock.now < deadline {
      try await Task.sleep(for: .milliseconds(500))
      try catchUp()
    }
    return progress
  }

  /// Reads what the ledgers have gained.
  private mutating func listen() throws -> Bool {
    var hasNews = false
    for place in open.keys {
      for line in try readers[place]!.news() {
        hasNews = true
        switch line {
        case .executed(let stage, _), .failed(let stage, _): heard[stage] = line
        case .found(let stage):
          progress.spare(stage)
          heard[stage] = line
        case .end: open[place] = nil
        }
      }
    }
    return hasNews
  }

  /// Takes over what was heard, as far as the store shows it.
  private mutating func catchUp() throws {
    if !heard.isEmpty { try store.refresh() }
    var moved = true
    while moved {
      try progress.lookUp(report)
      let missing = progress.takeMissing()
      awaited.formUnion(missing)
      moved = !missing.isEmpty
      for stage in awaited.sorted() {
        guard let line = heard[stage] else { continue }
        if case .failed(_, let reason) = line {
          progress.fail(stage, reason, report)
        } else if !progress.arrive(stage, report) {
          continue
        }
        awaited.remove(stage)
        moved = true
      }
    }
    let unfinished = Set(progress.unfinished)
    heard = heard.filter { unfinished.contains($0.key) }
  }

  /// Asks the scheduler which tasks it still has.
  private mutating func ask() throws {
    guard let living = try campaign.living(slurm) else {
      return say("the scheduler does not answer; waiting for the tasks' own word")
    }
    let reasons = Set(living.values.map(\.trouble)).subtracting([""]).sorted()
    say(reasons.isEmpty ? "" : "tasks wait: " + reasons.joined(separator: "; "))
    for (place, absences) in open {
      let isThere = living[place].map { !$0.isLost } ?? false
      open[place] = isThere ? 0 : absences + 1
      if !isThere, absences + 1 >= Watch.absences { try lose(place) }
    }
  }

  /// Says something of the scheduler, once.
  private mutating func say(_ text: String) {
    if !text.isEmpty, text != said { report(.notice(text)) }
    said = text
  }

  /// A task is gone without an end: what it said is kept, the rest is nobody's.
  private mutating func lose(_ place: Campaign.Place) throws {
    _ = try listen()
    guard open.removeValue(forKey: place) != nil else { return }
    let log = campaign.log(of: place)
    let lines = (try File.contents(of: log)).map {
      String(decoding: $0, as: UTF8.self).split(separator: "\n").suffix(3).joined(separator: " | ")
    }
    report(
      .notice(
        "task \(place.layer)-\(place.number) is gone without an end: "
          + (lines.map { "\(log) ends '\($0)'" }
            ?? "it left no log: the scheduler forgot it, or its node does not see "
            + campaign.folder)))
  }
}
