import Foundation
import Theory

/// Microseconds an iteration of the Y/Z model, one thread, beside PyTorch on one and two (scan_snap.py).
///
/// An iteration draws a batch of 128 sequences, differentiates, and takes a step with momentum.
enum ScanSnapBenchmark {
  static func run(in folder: URL) throws {
    header([
      "last tokens (vocabulary M)", "mechanics, µs", "PyTorch, 1 thread, µs",
      "PyTorch, 2 threads, µs", "ratio to the faster",
    ])
    for last in [1, 3, 5, 10] {
      let classes = SequenceClasses(lastTokens: last, nextPerLast: 2)
      let ours = microseconds(classes)
      let peers = [1, 2].map { peer(last, threads: $0) }
      let fastest = peers.compactMap(\.self).min()
      row(
        ["\(last) (\(classes.vocabulary))", text(ours, 0)]
          + peers.map { $0.map { text($0, 0) } ?? "not installed" }
          + [fastest.map { text($0 / ours, 1) } ?? ""])
    }
  }

  private static func microseconds(_ classes: SequenceClasses) -> Double {
    let descent = ScanSnapDescent(
      classes, decoderRate: 1, attentionRate: 1, iterations: 100, schedule: .every(100))
    let times = (0..<20).map { _ in
      ContinuousClock().measure { _ = descent.run(seed: 1) } / .microseconds(1)
    }
    return times.min()! / 100
  }

  private static func peer(_ last: Int, threads: Int) -> Double? {
    Peer.number([
      ".venv-bench/bin/python", "Benchmarks/scan_snap.py", "\(last)", "2", "\(threads)", "40",
    ])
  }
}
