import Dispatch
import Testing

@testable import Remotes

/// Who waits for a disk does not wait for ever.
struct BlockingTests {
  @Test(.timeLimit(.minutes(20))) func whatHangsIsLeftToItself() async {
    let end = DispatchSemaphore(value: 0)
    #expect(Blocking.answer(within: 0) { end.wait() } == nil)
    #expect(Blocking.answer(within: 600) { 7 } == 7)
    end.signal()
  }

  /// More of them than there are processors do not keep others from their threads.
  @Test(.timeLimit(.minutes(20))) func othersGoOn() async throws {
    let end = DispatchSemaphore(value: 0)
    for _ in 0..<40 { #expect(try await Blocking.run(within: 0) { end.wait() } == nil) }
    #expect(try await Blocking.run(within: 600) { 7 } == 7)
    for _ in 0..<40 { end.signal() }
  }
}
