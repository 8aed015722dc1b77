import Glibc

/// Asks again and again until something is so, for as long as a busy machine may take.
/// - Parameters:
///   - what: What is waited for, as the failure calls it.
///   - program: What makes it so; once it has ended there is nothing to wait for.
///   - pause: Microseconds between two questions.
package func eventually(
  _ what: String, by program: Program? = nil, every pause: UInt32 = 20_000,
  _ isSo: () throws -> Bool
) throws {
  let deadline = ContinuousClock.now + Program.patience
  while ContinuousClock.now < deadline {
    let isRunning = program?.isRunning ?? true
    if try isSo() { return }
    guard isRunning else {
      throw Failure("\(what) did not come before the end: \(try program!.wait())")
    }
    usleep(pause)
  }
  throw Failure("\(what) did not come in time")
}
