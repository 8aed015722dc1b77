import Canonical
import Foundation
import StorageToys
import Testing

@testable import Storage

/// Real processes on one store.
@Suite struct ProcessTests {
  @Test func twoProcessesWriteAtOnce() async throws {
    let folder = try StoreFolder()
    let path = folder.path
    async let child: ExitTest.Result? = #expect(processExitsWith: .success) {
      [path = path as String] in
      let store = try Store(at: path)
      for number in 0..<300 { try store.commit(Work(number)) }
    }
    let store = try folder.store
    for number in 300..<600 {
      try store.commit(Work(number))
      try store.refresh()
    }
    _ = await child
    try store.refresh()
    for number in 0..<600 { #expect(try store.holds(Work(number))) }
  }

  /// Whenever it comes, what the store holds is whole.
  @Test func aKilledProcessLeavesNothingHalfDone() async throws {
    let folder = try StoreFolder()
    let path = folder.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let store = try Store(at: path)
      try store.commit(Work(0, size: 5000))
      Thread.detachNewThread {
        usleep(30_000)
        kill(getpid(), SIGKILL)
      }
      for number in 1..<1_000_000 { try store.commit(Work(number, size: 5000)) }
    }
    let store = try folder.store
    let count = store.records().count
    #expect(count > 0)
    for number in 0..<count { #expect(try store.holds(Work(number, size: 5000))) }
    try store.commit(Work(-1))
    #expect(try store.verify().isSound)
  }

  @Test func theClaimsOfADeadProcessAreFree() async throws {
    let folder = try StoreFolder()
    let path = folder.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let store = try Store(at: path)
      let claim = try store.claim(Work(1).key)
      kill(getpid(), SIGKILL)
      withExtendedLifetime(claim) {}
    }
    #expect(try folder.store.claim(Work(1).key) != nil)
  }
}
