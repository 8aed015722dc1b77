import Canonical
import Pipeline
import Storage

/// How far a run's last campaign is, by its tasks' ledgers and the scheduler.
package struct CampaignStatus: Sendable {
  /// The run's name.
  package let name: String
  package let tasks: Int
  /// How many tasks have come to their end.
  package private(set) var ended = 0
  /// How many stages the tasks are to make.
  package private(set) var stages = 0
  package private(set) var executed = 0
  package private(set) var found = 0
  package private(set) var failed = 0
  /// How many tasks the scheduler still has; nil where it does not answer.
  package let living: Int?

  /// The status of the run in `folder`; nil where nothing was submitted.
  package init?(of name: String, in folder: String, _ catalog: Catalog) throws {
    guard let last = try File.names(in: folder).compactMap({ Int($0) }).max(),
      let campaign = try Campaign(in: "\(folder)/\(last)")
    else { return nil }
    self.name = name
    tasks = campaign.places.count
    living = try? campaign.living(Slurm())?.count
    for place in campaign.places {
      stages += try campaign.stages(of: place, catalog).count
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
      "failed": .integer(failed), "living": living.map(Value.integer) ?? .null,
    ]
  }
}
