import Canonical
import Storage

/// How far a run's last campaign is, by its tasks' ledgers and the scheduler.
package struct CampaignStatus: Sendable {
  /// What the scheduler has of a campaign.
  package struct Queue: Sendable {
    package private(set) var running = 0
    package private(set) var waiting = 0
    /// Why tasks wait, where that is not the usual course of things.
    package let troubles: [String]

    init(_ tasks: some Sequence<Slurm.Task>) {
      troubles = Set(tasks.map(\.trouble)).subtracting([""]).sorted()
      for task in tasks {
        if task.state == "PENDING" { waiting += 1 } else { running += 1 }
      }
    }
  }

  /// The run's name.
  package let name: String
  package let tasks: Int
  /// How many tasks have come to their end.
  package private(set) var ended = 0
  /// How many stages the tasks are to make.
  package let stages: Int
  package private(set) var executed = 0
  package private(set) var found = 0
  package private(set) var failed = 0
  /// Nil where the scheduler does not answer.
  package let queue: Queue?

  /// The status of the run in `folder`; nil where nothing was submitted.
  package init?(of name: String, in folder: String) throws {
    guard let last = try File.names(in: folder).compactMap({ Int($0) }).max(),
      let campaign = try Campaign(in: "\(folder)/\(last)")
    else { return nil }
    self.name = name
    (tasks, stages) = (campaign.places.count, campaign.stages)
    // Asked first: what a task says at its end is in its ledger before the scheduler lets it go.
    queue = (try? campaign.living(Slurm())).map { Queue($0.values) }
    for place in campaign.places {
      var reader = Ledger.Reader(campaign.ledger(of: place))
      for line in try reader.news() {
        switch line {
        case .executed: executed += 1
        case .found: found += 1
        case .failed: failed += 1
        case .end: ended += 1
        }
      }
    }
  }

  package var value: Value {
    [
      "cluster": .string(name), "tasks": .integer(tasks), "ended": .integer(ended),
      "stages": .integer(stages), "executed": .integer(executed), "found": .integer(found),
      "failed": .integer(failed), "running": queue.map { .integer($0.running) } ?? .null,
      "waiting": queue.map { .integer($0.waiting) } ?? .null,
    ]
  }
}
