import Canonical
import Storage
import Synchronization

@testable import Remotes

/// A remote in memory, which counts what it is asked and fails when it is told to.
final class MemoryRemote: Remote {
  let name = "memory"
  let failure = Mutex<RemoteError?>(nil)
  /// While it is set, nothing that is put arrives.
  let isHeld = Mutex(false)
  private let state = Mutex(State())

  private struct State {
    var items: [RemoteItem: [UInt8]] = [:]
    var gets: [RemoteItem] = []
    var puts: [RemoteItem] = []
    var arrived = 0
  }

  var items: [RemoteItem: [UInt8]] { state.withLock(\.items) }
  var gets: [RemoteItem] { state.withLock(\.gets) }
  var puts: [RemoteItem] { state.withLock(\.puts) }
  /// How many puts have begun.
  var arrived: Int { state.withLock(\.arrived) }

  /// Changes what lies under a name, behind the back of whoever put it.
  func change(_ item: RemoteItem, _ body: ([UInt8]?) -> [UInt8]?) {
    state.withLock { $0.items[item] = body($0.items[item]) }
  }

  func get(_ item: RemoteItem, into download: Download) async throws(RemoteError) -> Bool {
    state.withLock { $0.gets.append(item) }
    if let error = failure.withLock(\.self) { throw error }
    guard let bytes = items[item] else { return false }
    _ = bytes.withUnsafeBytes(download.take)
    return true
  }

  func put(
    _ item: RemoteItem, _ content: Content, repairs: Bool
  ) async throws(RemoteError) -> Bool {
    state.withLock { $0.arrived += 1 }
    while isHeld.withLock(\.self) { try? await Task.sleep(for: .milliseconds(1)) }
    if let error = failure.withLock(\.self) { throw error }
    guard let bytes = try? content.bytes() else { throw .file(remote: name, "unreadable") }
    return state.withLock { state in
      guard state.items[item] == nil || repairs else { return false }
      state.puts.append(item)
      state.items[item] = bytes
      return true
    }
  }

  func list(_ kind: RemoteItem.Kind) async throws(RemoteError) -> [RemoteListing] {
    items.filter { $0.key.kind == kind }.map {
      RemoteListing(item: $0.key, size: $0.value.count, time: 0)
    }.sorted { $0.item.digest < $1.item.digest }
  }

  func remove(_ item: RemoteItem) async throws(RemoteError) { change(item) { _ in nil } }
}
