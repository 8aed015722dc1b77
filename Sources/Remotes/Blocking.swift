import Dispatch
import Storage

/// Work that waits for a disk, away from the threads that run stages.
enum Blocking {
  private static let queue = DispatchQueue(label: "shared folders", attributes: .concurrent)

  static func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws(StoreError) -> Value
  ) async throws(StoreError) -> Value {
    let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      queue.async {
        do throws(StoreError) {
          continuation.resume(returning: .success(try body()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }
}
