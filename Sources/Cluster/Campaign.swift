import Canonical
import Glibc
import Pipeline
import Storage

/// One submission of tasks: its folder, which every node sees, and the jobs that carry it out.
///
/// The folder has a frozen slice of the plan, a ledger and a log for each task, named by layer and
/// number. Jobs are known by their name, so a submission whose answer was lost is found again.
struct Campaign: Sendable {
  let folder: String
  /// The jobs' name without the number of the layer.
  let name: String
  /// How many tasks each layer has.
  let tasks: [Int]
  /// How many stages they are to make.
  let stages: Int

  /// A task's place: a layer and a number in it.
  struct Place: Hashable, Sendable {
    let layer: Int
    let number: Int
  }

  var places: [Place] {
    tasks.enumerated().flatMap { layer, count in
      (0..<count).map { Place(layer: layer, number: $0) }
    }
  }

  func jobName(_ layer: Int) -> String { "\(name).\(layer)" }

  var jobNames: String { tasks.indices.map(jobName).joined(separator: ",") }

  func log(of place: Place) -> String { "\(folder)/\(place.layer)-\(place.number).log" }

  func ledger(of place: Place) -> String {
    Ledger.path(folder, layer: place.layer, task: place.number)
  }

  static func slice(_ folder: String, layer: Int, task: Int) -> String {
    "\(folder)/\(layer)-\(task).slice"
  }
}

extension Campaign {
  private static let fileName = "campaign.json"

  /// The campaign that lies in a folder; nil where none was written to its end.
  init?(in folder: String) throws(StoreError) {
    guard let bytes = try File.contents(of: "\(folder)/\(Campaign.fileName)"),
      let value = Value(json: bytes), let name = value["name"]?.string,
      let tasks = value["tasks"]?.list?.compactMap(\.integer),
      let stages = value["stages"]?.integer
    else { return nil }
    self.init(folder: folder, name: name, tasks: tasks, stages: stages)
  }

  /// Writes the slices of a division of work, and the script of each layer.
  init(
    _ shards: Shards, of plan: Plan, in folder: String, name: String, worker: Worker.Start,
    _ options: SlurmOptions
  ) throws(StoreError) {
    self.init(
      folder: folder, name: name, tasks: shards.layers.map(\.count),
      stages: shards.layers.joined().reduce(0) { $0 + $1.count })
    try File.makeFolder(folder)
    for (layer, batches) in shards.layers.enumerated() {
      for (number, stages) in batches.enumerated() {
        try File.replace(
          Campaign.slice(folder, layer: layer, task: number), with: plan.slice(stages))
      }
      let script = Campaign.script(folder, layer, worker, options.modules)
      try File.replace("\(folder)/\(layer).sh", with: Array(script.utf8))
    }
    let value: Value = [
      "name": .string(name), "stages": .integer(stages), "tasks": .list(tasks.map(Value.integer)),
    ]
    try File.replace("\(folder)/\(Campaign.fileName)", with: value.jsonBytes())
  }

  private static func script(
    _ folder: String, _ layer: Int, _ worker: Worker.Start, _ modules: [String]
  ) -> String {
    ([
      "#!/bin/sh", "# Written by mechanics; a task of the array carries its slice of the plan out.",
    ]
      + modules.map { "module load \(quoted($0)) || exit 4" } + [
        "export MECHANICS_CACHE=\(quoted(worker.cache))",
        "exec \(quoted(worker.program)) worker \(quoted(folder)) \(layer) "
          + "\"$SLURM_ARRAY_TASK_ID\"", "",
      ]).joined(separator: "\n")
  }

  private static func quoted(_ word: String) -> String {
    "'\(word.replacing("'", with: "'\\''"))'"
  }

  /// Hands the layers to the scheduler, each to start after the one before it.
  /// - Returns: the jobs' numbers.
  func submit(to slurm: Slurm, _ options: SlurmOptions) throws -> [String] {
    var jobs: [String] = []
    for (layer, count) in tasks.enumerated() {
      let job = try slurm.submit(
        "\(folder)/\(layer).sh", name: jobName(layer), count: count,
        log: "\(folder)/\(layer)-%a.log", after: jobs.last, options)
      jobs.append(job)
    }
    return jobs
  }

  /// Cancels what the scheduler still has, the last layer first, so that none starts meanwhile.
  func cancel(_ slurm: Slurm) throws {
    for layer in tasks.indices.reversed() { try slurm.cancel(named: jobName(layer)) }
  }

  /// The tasks that the scheduler still has; nil where it does not answer.
  func living(_ slurm: Slurm) throws -> [Place: Slurm.Task]? {
    guard let tasks = try slurm.tasks(named: jobNames) else { return nil }
    return Dictionary(
      tasks.compactMap { task -> (Place, Slurm.Task)? in
        guard let layer = task.layer else { return nil }
        return (Place(layer: layer, number: task.number), task)
      }, uniquingKeysWith: { first, _ in first })
  }
}
