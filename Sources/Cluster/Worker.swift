import Canonical
import Pipeline
import Storage

/// Carries one task of a campaign out: it reads its slice of the plan, and never plans.
package struct Worker: Sendable {
  /// What a worker is started with.
  package struct Start: Sendable {
    /// The program, by its absolute path.
    package let program: String
    /// The folder of the store, by its absolute path.
    package let cache: String

    package init(program: String, cache: String) { (self.program, self.cache) = (program, cache) }
  }

  private let slice: PlanSlice
  private let ledger: Ledger.Writer

  /// - Throws: `FormatError` where the task is another version's; `StoreError` where its folder
  ///   cannot be used.
  package init(folder: String, layer: Int, task: Int, _ catalog: Catalog) throws {
    let path = Campaign.slice(folder, layer: layer, task: task)
    guard let bytes = try File.contents(of: path) else {
      throw StoreError.system("cannot open", path, 2)
    }
    slice = try PlanSlice(bytes, catalog)
    ledger = try Ledger.Writer(Ledger.path(folder, layer: layer, task: task))
  }

  /// Executes the task's stages, and writes what became of each into its ledger.
  /// - Parameter say: Called with a line for the log as each is done.
  package func run(
    on store: Store, _ options: Runner.Options, say: @escaping @Sendable (String) -> Void
  ) async throws {
    var options = options
    options.own = slice.own
    let runner = Runner(slice.plan, store, options) { event in
      guard let (stage, line) = line(event), slice.own[stage] else { return }
      say("\(slice.addresses[stage]): \(line.words)")
      // A ledger that cannot be written is noticed by the one who waits: the task has no end.
      try? ledger.write(line)
    }
    _ = try await runner.run(wanted: .init(repeating: true, count: slice.own.count))
    try ledger.write(.end)
  }

  /// The line for an event, and its stage in the slice.
  private func line(_ event: Event) -> (Int, Ledger.Line)? {
    switch event {
    case .executed(let stage, let seconds):
      (stage, .executed(slice.numbers[stage], seconds: seconds))
    case .found(let stage): (stage, .found(slice.numbers[stage]))
    case .failed(let stage, let reason):
      (stage, .failed(slice.numbers[stage], reason: reason))
    case .nondeterministic(let stage, let recorded, let now):
      (
        stage,
        .failed(
          slice.numbers[stage],
          reason: "nondeterminism found: it put out \(now.short), recorded: \(recorded.short)")
      )
    default: nil
    }
  }
}

extension Ledger.Line {
  fileprivate var words: String {
    switch self {
    case .executed(_, let seconds): "executed in \(Decimal.text(seconds) ?? "?") s"
    case .found: "found"
    case .failed(_, let reason): "failed: \(reason)"
    case .end: "end"
    }
  }
}
