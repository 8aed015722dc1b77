import Canonical
import Foundation
import Manifests
import Synchronization
import Testing

@testable import Pipeline
@testable import Storage

/// A store of the test's own, and what is run on it.
final class Workshop: Sendable {
  let path: String
  let store: Store

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    store = try Store(at: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Carries all of a plan out.
  @discardableResult
  func run(
    _ plan: Plan, on store: Store? = nil, _ change: (inout Runner.Options) -> Void = { _ in },
    onEvent: @escaping @Sendable (Event) -> Void = { _ in }
  ) async throws -> Run {
    var options = Runner.Options()
    change(&options)
    let events = Events()
    let runner = Runner(plan, store ?? self.store, options) { event in
      events.append(event)
      onEvent(event)
    }
    let outcome = try await runner.run(wanted: .init(repeating: true, count: plan.stages.count))
    return Run(plan: plan, store: store ?? self.store, outcome: outcome, events: events.all)
  }

  /// Flips a bit of a blob where it lies; the store is opened anew to see it.
  func damage(_ blob: Blob) throws -> Store {
    let place = store.inspect { state in
      state.location(of: blob).map { (state.segments[Int($0.segment)].number, $0.offset) }
    }
    let (segment, offset) = try #require(place)
    let file = try File(Segment.path("\(path)/segments", segment, "pack"), O_RDWR)
    let byte = try file.read(at: offset, count: 1)[0]
    try file.write([byte ^ 1], at: offset)
    return try Store(at: path)
  }
}

/// What happened as a plan was carried out.
struct Run {
  let plan: Plan
  let store: Store
  let outcome: Outcome
  let events: [Event]

  /// The first output of a stage.
  func output(_ stage: Int) throws -> String {
    let record = store.record(for: outcome.keys[stage]!)!
    return String(decoding: try store.read(record.outputs[0]), as: UTF8.self)
  }

  func outputs() throws -> [String] { try plan.stages.indices.map(output) }

  func count(_ matches: (Event) -> Bool) -> Int { events.count(where: matches) }
}

/// The events of a run, in their order.
private final class Events: Sendable {
  private let events = Mutex<[Event]>([])
  func append(_ event: Event) { events.withLock { $0.append(event) } }
  var all: [Event] { events.withLock(\.self) }
}

extension Plan {
  /// The only stage that an address names.
  func stage(_ address: String) -> Int {
    let named = (try? stages(named: address)) ?? []
    precondition(named.count == 1, "\(address) names \(named.count) stages")
    return named[0]
  }
}
