import Canonical
import Storage
import Synchronization

/// What a run has made, on its way to the shared caches that may be written.
///
/// The run goes on meanwhile: records wait in a queue, a few are sent at a time. Blobs go before the
/// record that names them. An entry that is there is compared and never overwritten, but where it
/// cannot be read.
package final class Uploads: Sendable {
  /// Two results of one key that are not the same.
  package struct Conflict: Sendable, CustomStringConvertible {
    package let key: Digest
    package let remote: String
    /// Who made the one here, and the one there.
    package let producers: (here: String, there: String)
    /// The first output that differs, in both.
    package let outputs: (here: Digest, there: Digest)

    package var description: String {
      "nondeterminism found: under the key @\(key.short), \(producers.here) made "
        + "\(outputs.here.short) and \(producers.there) made \(outputs.there.short), which \(remote) "
        + "has; nothing was overwritten"
    }
  }

  /// How the uploads of a run ended.
  package struct Report: Sendable {
    /// Records that are in every writable shared cache now.
    package var sent = 0
    /// Records that could not be sent, or not in time.
    package var unsent = 0
    package var conflicts: [Conflict] = []
  }

  private struct State {
    var queue: [(record: Record, repairs: Bool)] = []
    var next = 0
    var running = 0
    /// Records on their way that are to be counted, and how often the count was closed.
    var (onTheirWay, round) = (0, 0)
    var report = Report()
    var error: RemoteError?
  }

  private let members: [Member]
  private let store: Store
  private let state = Mutex(State())
  /// Records on their way at a time.
  private static let width = 24

  init(_ members: [Member], _ store: Store) { (self.members, self.store) = (members, store) }

  /// Whether there is anywhere to send to.
  package var isEmpty: Bool { members.allSatisfy(\.isOut) }

  /// Queues a record whose outputs are in the store, and returns at once.
  /// - Parameter repairs: whether its blobs are put even where its entry is there already: they may
  ///   have been lost or damaged, where the stage had to be executed in spite of it.
  package func offer(_ record: Record, repairs: Bool = true) {
    guard !isEmpty else { return }
    let starts = state.withLock { state in
      state.queue.append((record, repairs))
      guard state.running < Uploads.width else { return false }
      state.running += 1
      return true
    }
    if starts { Task.detached(priority: .utility) { await self.work() } }
  }

  /// Sends records until the queue is empty.
  private func work() async {
    while true {
      let next: (record: Record, repairs: Bool, round: Int)? = state.withLock { state in
        guard state.next < state.queue.count else {
          state.running -= 1
          if state.running == 0 { (state.queue, state.next) = ([], 0) }
          return nil
        }
        defer { state.next += 1 }
        state.onTheirWay += 1
        let (record, repairs) = state.queue[state.next]
        return (record, repairs, state.round)
      }
      guard let next else { return }
      do throws(RemoteError) {
        let conflicts = try await send(next.record, repairs: next.repairs)
        count(next.round) { report in
          if let conflicts { report.conflicts += conflicts }
          if conflicts != nil { report.sent += 1 } else { report.unsent += 1 }
        }
      } catch {
        count(next.round, error) { $0.unsent += 1 }
      }
    }
  }

  /// Counts how a record ended, unless it was counted as unsent when it was waited for no longer.
  private func count(_ round: Int, _ error: RemoteError? = nil, _ body: (inout Report) -> Void) {
    state.withLock { state in
      guard round == state.round else { return }
      state.onTheirWay -= 1
      body(&state.report)
      state.error = state.error ?? error
    }
  }

  /// Waits until all is sent, at most so long.
  /// - Throws: why a required remote failed.
  package func finish(within patience: Duration) async throws(RemoteError) -> Report {
    let end = ContinuousClock.now + patience
    while state.withLock({ $0.running > 0 }), ContinuousClock.now < end {
      try? await Task.sleep(for: .milliseconds(2))
    }
    let (report, error) = state.withLock { state in
      // What is still queued is not sent any more, and of what is on its way nobody knows.
      state.report.unsent += state.queue.count - state.next + state.onTheirWay
      (state.next, state.onTheirWay) = (state.queue.count, 0)
      state.round += 1
      defer { state.report = Report() }
      return (state.report, state.error)
    }
    if let error { throw error }
    return report
  }

  /// Sends a record to every member.
  /// - Returns: where it met others; nil where it could not be sent to some.
  private func send(_ record: Record, repairs: Bool) async throws(RemoteError) -> [Conflict]? {
    var conflicts: [Conflict] = []
    var isSent = true
    for member in members {
      switch try await send(record, to: member, repairs: repairs) {
      case .sent, .present: break
      case .conflict(let conflict): conflicts.append(conflict)
      case .failed: isSent = false
      }
    }
    return isSent ? conflicts : nil
  }
}

extension Uploads {
  enum Ending {
    case sent
    /// It was there already.
    case present
    case conflict(Conflict)
    case failed
  }

  /// Puts the blobs and then the entry of a record, unless an entry is there.
  func send(
    _ record: Record, to member: Member, repairs: Bool
  ) async throws(RemoteError) -> Ending {
    let finding = try await member.look(for: record.key)
    if case .entry(.record(let there)) = finding {
      if let conflict = Conflict(record, there, member.remote.name) { return .conflict(conflict) }
      if !repairs { return .present }
    }
    for blob in [record.details] + record.outputs {
      guard let content = try? store.content(of: blob),
        try await member.put(
          RemoteItem(.blob, blob.digest), content, repairs: repairs || finding.isDamaged) == true
      else { return .failed }
    }
    let entry = Content.bytes(SharedEntry.record(record).bytes)
    if let done = try await member.put(
      RemoteItem(.entry, record.key), entry, repairs: finding.isDamaged)
    {
      return done ? .sent : .failed
    }
    // Another writer was faster.
    if case .record(let there)? = try await member.entry(record.key),
      let conflict = Conflict(record, there, member.remote.name)
    {
      return .conflict(conflict)
    }
    return .present
  }

  /// Puts a bundle under a key where none is.
  package func send(_ bundle: Bundle, key: Digest) async throws(RemoteError) {
    let bytes = bundle.bytes
    guard bytes.count <= Bundle.limit else { return }
    let blob = Blob(of: bytes)
    for member in members where !member.isOut {
      let finding = try await member.look(for: key)
      if case .entry = finding { continue }
      let repairs = finding.isDamaged
      let item = RemoteItem(.blob, blob.digest)
      guard try await member.put(item, .bytes(bytes), repairs: repairs) == true else { continue }
      let entry = Content.bytes(SharedEntry.bundle(blob).bytes)
      _ = try await member.put(RemoteItem(.entry, key), entry, repairs: repairs)
    }
  }
}

extension Uploads.Conflict {
  /// Nil where both say the same.
  init?(_ here: Record, _ there: Record, _ remote: String) {
    let pairs = zip(here.outputs, there.outputs).first { $0.0 != $0.1 }
    guard pairs != nil || here.outputs.count != there.outputs.count else { return nil }
    self.init(
      key: here.key, remote: remote, producers: (here.producer, there.producer),
      outputs: (
        pairs?.0.digest ?? here.details.digest, pairs?.1.digest ?? there.details.digest
      ))
  }
}
