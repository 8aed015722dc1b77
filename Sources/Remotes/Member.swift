import Canonical
import Storage
import Synchronization

/// One of the shared caches of a run: a remote, and how it has done so far.
///
/// One that fails is left out for the rest of the run, after one warning: a shared cache saves work,
/// and a run without it is slower but the same.
final class Member: Sendable {
  let remote: any Remote
  let isReadOnly: Bool
  private let isRequired: Bool
  private let warn: @Sendable (String) -> Void
  private let state = Mutex(State())

  private struct State {
    var hasAnswered = false
    /// Requests that failed since the last one that did not.
    var failures = 0
    var isOut = false
    var refused = 0
  }

  /// From so many failures in a row on, a remote is left out.
  private static let failureLimit = 3

  init(
    _ remote: any Remote, isReadOnly: Bool, isRequired: Bool,
    warn: @escaping @Sendable (String) -> Void
  ) {
    (self.remote, self.isReadOnly, self.isRequired) = (remote, isReadOnly, isRequired)
    self.warn = warn
  }

  var isOut: Bool { state.withLock(\.isOut) }

  /// How many downloads were refused.
  var refused: Int { state.withLock(\.refused) }

  /// Does something with the remote; what may pass is tried again after each of the pauses.
  /// - Returns: nil where the remote failed or is left out.
  /// - Throws: why it failed, where the remote is required.
  func attempt<Value: Sendable>(
    pauses: [Duration] = [.zero], _ body: (any Remote) async throws(RemoteError) -> Value
  ) async throws(RemoteError) -> Value? {
    var pauses = pauses[...]
    while !isOut {
      do throws(RemoteError) {
        let value = try await body(remote)
        state.withLock { ($0.hasAnswered, $0.failures) = (true, 0) }
        return value
      } catch {
        if error.isPassing, state.withLock(\.hasAnswered), let pause = pauses.popFirst() {
          try? await Task.sleep(for: pause)
        } else {
          try fail(error)
          return nil
        }
      }
    }
    return nil
  }

  private func fail(_ error: RemoteError) throws(RemoteError) {
    if isRequired { throw error }
    let isNews = state.withLock { state in
      state.failures += 1
      guard !state.isOut, !error.isPassing || state.failures >= Member.failureLimit else {
        return false
      }
      state.isOut = true
      return true
    }
    if isNews { warn("warning: left out from now on: \(error)") }
  }

  /// Notes that something it sent was not believed.
  func refuse(_ item: RemoteItem, _ reason: String) {
    let isFirst = state.withLock { state in
      state.refused += 1
      return state.refused == 1
    }
    if isFirst { warn("warning: refused from \(remote.name): \(item.path): \(reason)") }
  }
}

extension Member {
  /// More bytes than this are no entry.
  static let entryLimit = 1 << 20

  /// What the remote sends of an item; nil where it has none, or fails.
  private func download(
    _ item: RemoteItem, limit: Int, _ keeping: Download.Keeping = .inMemory
  ) async throws(RemoteError) -> Download? {
    let download = try await attempt { remote throws(RemoteError) in
      try await remote.download(item, limit: limit, keeping)
    }
    return download ?? nil
  }

  /// What lies under a key.
  enum Finding {
    /// Nothing, or the remote failed.
    case nothing
    case entry(SharedEntry)
    case refused(Refusal)

    /// Whether what lies there is of no use to anyone.
    var isDamaged: Bool {
      if case .refused(let refusal) = self { !refusal.isOfNewer } else { false }
    }
  }

  /// What lies under a key, checked.
  func look(for key: Digest) async throws(RemoteError) -> Finding {
    let item = RemoteItem(.entry, key)
    guard let download = try await download(item, limit: Member.entryLimit) else { return .nothing }
    do throws(Refusal) {
      return .entry(try SharedEntry(download.all(), key: key))
    } catch {
      refuse(item, error.description)
      return .refused(error)
    }
  }

  /// The entry of a key; nil where there is none that can be believed.
  func entry(_ key: Digest) async throws(RemoteError) -> SharedEntry? {
    if case .entry(let entry) = try await look(for: key) { entry } else { nil }
  }

  /// The bytes of a blob, hashed; nil where they are not there or are others.
  /// - Throws: `RemoteError` where the remote is required and fails; `StoreError` where the disk of
  ///   the store has no room for them.
  func content(_ blob: Blob, for store: Store) async throws -> Content? {
    let item = RemoteItem(.blob, blob.digest)
    guard let download = try await download(item, limit: blob.size, .onDisk(of: store)) else {
      return nil
    }
    if let failure = download.failure { throw failure }
    guard download.isBlob(blob.digest, size: blob.size) else {
      refuse(item, "its bytes are not those that its name stands for")
      return nil
    }
    return download.content
  }

  /// The pauses between attempts to put something.
  private static let backOff: [Duration] = [
    .milliseconds(100), .milliseconds(400), .milliseconds(1600),
  ]

  /// Puts an item there.
  /// - Returns: whether it is there now; nil where an entry was there already.
  func put(
    _ item: RemoteItem, _ content: Content, repairs: Bool
  ) async throws(RemoteError) -> Bool? {
    let done = try await attempt(pauses: Member.backOff) { remote throws(RemoteError) in
      try await remote.put(item, content, repairs: repairs)
    }
    guard let done else { return false }
    return done || item.kind == .blob ? true : nil
  }
}
