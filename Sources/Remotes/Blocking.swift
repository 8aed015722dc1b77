import Dispatch
import Storage
import Synchronization

/// Work that waits for a disk, away from the threads that run stages.
enum Blocking {
  private static let queue = DispatchQueue(label: "shared folders", attributes: .concurrent)
  private static let clock = DispatchQueue(label: "patience with shared folders")

  static func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws(StoreError) -> Value
  ) async throws(StoreError) -> Value {
    let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: outcome(body)) }
    }
    return try result.get()
  }

  /// Waits at most so long; a thread that hangs in the system is left to itself.
  /// - Returns: nil where the time was over.
  static func run<Value: Sendable>(
    within seconds: Int, _ body: @escaping @Sendable () throws(StoreError) -> Value
  ) async throws(StoreError) -> Value? {
    let result: Result<Value, StoreError>? = await withCheckedContinuation { continuation in
      let waiting = Waiting(continuation)
      clock.asyncAfter(deadline: .now() + .seconds(seconds)) { waiting.end(nil) }
      // A queue of its own has a thread at once, however many others hang.
      DispatchQueue(label: "shared folder").async { waiting.end(outcome(body)) }
    }
    return try result?.get()
  }

  /// The same for one who cannot suspend.
  static func answer<Value: Sendable>(
    within seconds: Int, _ body: @escaping @Sendable () -> Value
  ) -> Value? {
    let (answer, isThere) = (Answer<Value>(), DispatchSemaphore(value: 0))
    DispatchQueue(label: "shared folder").async {
      let value = body()
      answer.value.withLock { $0 = value }
      isThere.signal()
    }
    guard isThere.wait(timeout: .now() + .seconds(seconds)) == .success else { return nil }
    return answer.value.withLock(\.self)
  }

  private static func outcome<Value>(
    _ body: () throws(StoreError) -> Value
  ) -> Result<Value, StoreError> {
    do throws(StoreError) {
      return .success(try body())
    } catch {
      return .failure(error)
    }
  }
}

/// What another thread finds out.
private final class Answer<Value: Sendable>: Sendable {
  let value = Mutex<Value?>(nil)
}

/// One who waits for an end that may come twice; only the first counts.
private final class Waiting<Value: Sendable>: Sendable {
  private let continuation: Mutex<CheckedContinuation<Value, Never>?>

  init(_ continuation: CheckedContinuation<Value, Never>) {
    self.continuation = Mutex(continuation)
  }

  func end(_ value: sending Value) {
    continuation.withLock { $0.take() }?.resume(returning: value)
  }
}
