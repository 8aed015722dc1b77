import Foundation
import Theory

/// Processor microseconds an iteration of normalised descent on the log-loss, loss and gradient norm
/// recorded, one thread, beside PyTorch and NumPy (descent.py) on the same problems.
///
/// The first ten steps have to agree with every peer's to 10⁻⁹: weights, losses, gradient norms.
enum DescentBenchmark {
  private static var sizes: [(name: String, problem: (String) -> DescentProblem)] {
    [
      ("S", { DescentProblem($0, 6, 4, 6, 8, steps: 20_000, wanted: 0.6) }),
      ("M", { DescentProblem($0, 256, 16, 64, 64, steps: 300, wanted: 40) }),
      ("L", { DescentProblem($0, 4096, 64, 512, 256, steps: 10, wanted: 10_000) }),
      ("XL", { DescentProblem($0, 16384, 128, 2048, 512, steps: 3, wanted: 260_000) }),
    ]
  }
  private static let peers = [
    "torch-loop", "torch-loop-compiled", "torch-by-hand", "torch-by-hand-compiled",
    "numpy-weights", "numpy-gram",
  ]
  private static let agreement = 1e-9

  static func run(in folder: URL) throws {
    let named = sizes.filter { CommandLine.arguments.contains($0.name) }
    let chosen = (named.isEmpty ? sizes : named).map { $0.problem($0.name) }
    header(["size (n, T, K, d)", "program", "µs", "ratio to ours", "difference after 10 steps"])
    for size in chosen { try compare(size, in: folder.appendingPathComponent(size.name)) }
    let small = chosen.filter { $0.name == "S" || $0.name == "M" }
    if !small.isEmpty { compareLosses(small) }
    print("\nPeak of this program: \(text(peak(), 0)) MiB\n")
    header(["size", "one thread, wall µs", "two threads, wall µs", "ratio", "bits"])
    for size in chosen {
      let (one, two, isSame) = size.threads(for: 30)
      row([size.title, text(one, 1), text(two, 1), text(one / two), isSame ? "same" : "differ"])
    }
  }

  /// The other losses, ours alone; and `W_fin` of cyclic data with K = d = 128.
  private static func compareLosses(_ sizes: [DescentProblem]) {
    let losses: [(String, Loss, Head)] = [
      ("squared, tied", .squared, .tied), ("squared, general", .squared, .general),
      ("cross-entropy, tied", .crossEntropy(temperature: 1), .tied),
      ("cross-entropy, general", .crossEntropy(temperature: 1), .general),
      ("correlation, tied", .correlation, .tied),
    ]
    print("")
    header(["loss, head; µs"] + sizes.map(\.title))
    for (name, loss, head) in losses {
      row([name] + sizes.map { text($0.microseconds(for: 1, loss: loss, head: head), 2) })
    }
    // So many sequences a last token that their labels make large components.
    let cyclic = DescentProblem("W_fin", 2048, 8, 128, 128, steps: 1, wanted: 0)
    print("\nW_fin at K = d = 128, n = 2048, T = 8: \(text(cyclic.finitePartSeconds)) s")
  }

  private static func compare(_ size: DescentProblem, in folder: URL) throws {
    try size.write(to: folder)
    var ours = size.microseconds(for: 2)
    var rows: [[String]] = []
    for peer in peers where !size.isTooLarge(for: peer) {
      let answer = try measure(peer, folder)
      // Ours before and after each peer: the machine is shared, and the least counts.
      ours = min(ours, size.microseconds(for: 1))
      rows.append([peer] + (answer ?? ["not available", "", ""]))
    }
    row([size.title, "**mechanics** (wanted: \(text(size.wanted, 1)))", text(ours, 2), "1", ""])
    for cells in rows {
      let ratio = Double(cells[1]).map { text($0 / ours, 1) } ?? ""
      row(["", cells[0], cells[1], ratio, cells[2]])
    }
    fflush(nil)
  }

  /// A peer's microseconds and difference; nil where it does not run here.
  private static func measure(_ peer: String, _ folder: URL) throws -> [String]? {
    let process = Process()
    let output = Pipe()
    let environment = ProcessInfo.processInfo.environment
    process.executableURL = URL(fileURLWithPath: environment["BENCH_PYTHON"] ?? "/usr/bin/python3")
    process.arguments = ["Benchmarks/descent.py", folder.path, peer, "2"]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let numbers = String(decoding: data, as: UTF8.self).split { $0.isWhitespace }
      .compactMap { Double($0) }
    guard numbers.count == 2 else { return nil }
    precondition(numbers[1] <= agreement, "\(peer) differs by \(numbers[1])")
    return [text(numbers[0], 1), String(format: "%.0e", numbers[1])]
  }

  /// The largest resident set so far, in MiB.
  private static func peak() -> Double {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) / 1024
  }
}
