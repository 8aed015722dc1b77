import Synchronization

/// How many are in at once, and how many were at most.
final class Counter: Sendable {
  private let counts = Mutex((now: 0, most: 0))

  func enter() {
    counts.withLock {
      $0.now += 1
      $0.most = max($0.most, $0.now)
    }
  }

  func leave() { counts.withLock { $0.now -= 1 } }

  var most: Int { counts.withLock(\.most) }
}
