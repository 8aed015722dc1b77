import Cluster
import Manifests
import Pipeline
import Stages

extension Settings {
  /// What a file of settings may say.
  static var entries: [Shape.Entry] {
    Name.allCases.map { .init($0.rawValue, $0.shape, $0.doc) } + [
      .init("slurm", .record(slurmEntries), "what Slurm is asked for"),
      .init("limits", .record(limitEntries), "what stages may use, by their kinds"),
    ]
  }

  static let executors = ClusterOptions.Executor.allCases.map(\.rawValue)

  private static let positive = Shape.integer(1...Int.max)
  private static let word = Shape.either([.string(.text), .integer(0...Int.max)])

  private static var slurmEntries: [Shape.Entry] {
    SlurmOptions.names.map { name in
      switch name {
      case "tasks", "task-seconds", "time": .init(name, positive, "")
      case "flags", "modules": .init(name, .either([.list(word), word]), "")
      default: .init(name, word, "")
      }
    }
  }

  private static var limitEntries: [Shape.Entry] {
    let limits = Shape.record(Limits.names.map { .init($0, positive, "") })
    return Set(Catalog.mechanics.kinds.map(\.name)).sorted().map { .init($0, limits, "") }
  }
}

extension Settings.Name {
  /// What a file may say under it.
  fileprivate var shape: Shape {
    switch self {
    case .cache, .results: .string(.text)
    case .executor: .names(Settings.executors)
    case .jobs: .integer(1...Int.max)
    case .sharedCaches: .either([.string(.text), .list(.string(.text), count: 0...Int.max)])
    case .cacheRequired: .boolean
    }
  }
}
