import Glibc
import TestSupport
import Testing

/// `kill -9` at any instant loses at most the stages in flight.
@Suite(.serialized)
struct KillTests {
  /// Knuth's generator: the instants are the same at every run of the tests.
  private struct Instants {
    private var state: UInt64 = 20_240_603

    /// A number in [0, 1).
    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 0x1p53
    }
  }

  @Test func fiftyKillsAndReruns() throws {
    let undisturbed = try Sandbox(["manifests/long.yaml": Example.long])
    let clock = ContinuousClock()
    let start = clock.now
    let exit = try undisturbed.run("accept")
    var length = (clock.now - start) / .microseconds(1)
    #expect(exit.code == 0)
    let expected = try undisturbed.results()
    var instants = Instants()
    var (killed, partial) = (0, 0)
    while killed < 50 {
      let sandbox = try Sandbox(["manifests/long.yaml": Example.long])
      let program = try sandbox.start(["accept"])
      let pause = instants.next() * length
      usleep(UInt32(pause))
      program.signal(SIGKILL)
      let end = try program.wait()
      guard end.code == 128 + SIGKILL else {
        // The machine is faster now than it was.
        #expect(end.code == 0, "\(end)")
        length = min(length, pause)
        continue
      }
      killed += 1
      let rerun = try sandbox.run("accept")
      #expect(rerun.code == 0, "kill \(killed): \(rerun)")
      if rerun.local! > 0 && rerun.executed! > 0 { partial += 1 }
      // The machine is slower now than it was.
      if rerun.local! == 0 { length *= 1.2 }
      #expect(try sandbox.results() == expected, "kill \(killed)")
      let verification = try sandbox.run("cache", "verify")
      #expect(verification.code == 0, "kill \(killed): \(verification)")
    }
    #expect(partial >= 3, "\(partial) with work to keep")
  }
}
