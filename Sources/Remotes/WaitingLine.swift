import Synchronization

/// Lets so many in at a time, and nobody any more once one of them got stuck.
final class WaitingLine: Sendable {
  private struct State {
    var free: Int
    var isStuck = false
    var waiting: [CheckedContinuation<Bool, Never>] = []
  }

  private let state: Mutex<State>

  init(width: Int) { state = Mutex(State(free: width)) }

  /// Waits for a place.
  /// - Returns: whether there is one; it has to be left then.
  func enter() async -> Bool {
    await withCheckedContinuation { continuation in
      let answer: Bool? = state.withLock { state in
        if state.isStuck { return false }
        guard state.free == 0 else {
          state.free -= 1
          return true
        }
        state.waiting.append(continuation)
        return nil
      }
      if let answer { continuation.resume(returning: answer) }
    }
  }

  /// Gives a place back; where it got stuck, all who wait are sent away.
  func leave(isStuck: Bool) {
    let (next, isOpen) = state.withLock { state in
      if isStuck { state.isStuck = true }
      let count = state.isStuck ? state.waiting.count : min(1, state.waiting.count)
      defer { state.waiting.removeFirst(count) }
      if count == 0 { state.free += 1 }
      return (Array(state.waiting[..<count]), !state.isStuck)
    }
    for continuation in next { continuation.resume(returning: isOpen) }
  }
}
