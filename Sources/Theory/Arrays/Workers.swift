private import CWorkers

/// Threads that share out the chunks of a loop, lent to an algorithm by whoever calls it.
///
/// A chunk writes to places of its own, and what it writes follows from its number alone: so results
/// are the same to the bit with any number of threads. Where a sum runs over chunks, each chunk
/// keeps its part and the caller adds the parts in order.
///
/// Copies share the threads; they end with the last copy.
package struct Workers: Sendable {
  /// How many threads take part, the caller's included.
  package let count: Int
  private let team: Team?

  /// The calling thread alone.
  package static let alone = Workers(count: 1)

  /// - Parameter count: threads, the caller's included, at least 1. The others are started by the
  ///   first loop, spin for some 250 µs after each and then sleep.
  package init(count: Int) {
    self.count = max(1, count)
    team = count > 1 ? Team(helpers: count - 1) : nil
  }

  /// Calls `body` once with each of `0..<chunks`, in any order and at the same time on several
  /// threads; returns when all are done.
  ///
  /// A loop inside of a loop, and one begun while another thread uses these workers, runs on its
  /// own thread alone.
  package func callAsFunction(chunks: Int, _ body: (Int) -> Void) {
    guard let team, chunks > 1 else {
      for chunk in 0..<chunks { body(chunk) }
      return
    }
    team.run(chunks: chunks, body)
  }

  /// The same for parts of `0..<count` of `grain` numbers, the last maybe fewer.
  package func callAsFunction(over count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    self(chunks: (count + grain - 1) / grain) { chunk in
      body(chunk * grain..<min(count, (chunk + 1) * grain))
    }
  }
}

/// The owner of a C team.
private final class Team: @unchecked Sendable {
  private let team: OpaquePointer

  init?(helpers: Int) {
    guard let team = mw_team_make(Int32(clamping: helpers)) else { return nil }
    self.team = team
  }

  deinit { mw_team_free(team) }

  func run(chunks: Int, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { body in
        mw_team_run(
          team, chunks,
          { context, chunk in
            context!.assumingMemoryBound(to: ((Int) -> Void).self).pointee(chunk)
          }, UnsafeMutableRawPointer(mutating: body))
      }
    }
  }
}
