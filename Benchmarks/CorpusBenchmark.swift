import Foundation
import Theory

/// Token positions a second from token ids to priority graphs with their components, one thread, with
/// room for all runs and with less; and how many a radix sort of as many 8-byte keys as there are pairs
/// of a label and a token of its context would allow if nothing else were to do.
///
/// Ids are drawn with probabilities 1/rank. An argument after `corpus` is the number of tokens.
enum CorpusBenchmark {
  private static let vocabulary = 30_000
  private static let context = 16

  static func run(in folder: URL) throws {
    let argument = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) }
    header([
      "tokens", "memory limit, MiB", "edges", "runs spilled (MiB)", "processor s", "positions/s",
      "peak of the process, MiB",
    ])
    for memory in [128, 1024] {
      for tokens in argument.map({ [$0] }) ?? [1_000_000, 10_000_000] {
        try measure(tokens, memory: memory, in: folder)
      }
    }
    let keys = keysPerSecond(1 << 26)
    print()
    header(["radix sort of 2²⁶ keys, keys/s", "positions/s that it would allow"])
    row([String(format: "%.2e", keys), String(format: "%.2e", keys / Double(context))])
    try tokenise()
  }

  private static func measure(_ count: Int, memory: Int, in folder: URL) throws {
    var ids = ZipfStream(vocabulary: vocabulary)
    let runs = FileRuns(folder.appendingPathComponent("runs-\(count)"))
    var edges = CorpusEdges(
      context: context, vocabulary: vocabulary, memory: memory << 20, store: runs)
    var seconds = 0.0
    var rest = count
    while rest > 0 {
      let piece = ids.next(min(rest, 1 << 20))
      rest -= piece.count
      seconds += try cpu { try edges.append(piece) }
    }
    var total = 0
    seconds += try cpu { try edges.finish { total += $0.edgeCount } }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    row([
      "\(count)", "\(memory)", "\(total)", "\(edges.spills) (\(runs.bytes >> 20))",
      text(seconds, 2), String(format: "%.2e", Double(count - context) / seconds),
      "\(usage.ru_maxrss >> 10)",
    ])
  }

  /// How fast keys of (last token, label, token), 45 bits, are sorted by the same passes.
  private static func keysPerSecond(_ count: Int) -> Double {
    var ids = ZipfStream(vocabulary: vocabulary)
    let tokens = ids.next(count + 2)
    var keys = (0..<count).map {
      UInt64(tokens[$0]) << 30 | UInt64(tokens[$0 + 1]) << 15 | UInt64(tokens[$0 + 2])
    }
    var spare = [UInt64](repeating: 0, count: count)
    let seconds = cpu {
      for pass in 0..<5 {
        RadixPass(shift: 9 * pass, width: 9).run(keys, count: count, into: &spare)
        swap(&keys, &spare)
      }
    }
    return Double(count) / seconds
  }

  /// The tokeniser alone: counting words, and turning them into ids.
  private static func tokenise() throws {
    let url = URL(fileURLWithPath: "manifests/texts/tales.txt")
    let tales = [UInt8](try Data(contentsOf: url))
    let copies = 100
    var counter = WordCounter()
    let counting = try cpu { for _ in 0..<copies { try counter.read(tales) } }
    let vocabulary = try counter.end(limit: vocabulary)
    var tokeniser = Tokeniser(vocabulary)
    var tokens = 0
    let encoding = try cpu {
      for _ in 0..<copies { tokens += try tokeniser.read(tales).count }
    }
    let size = Double(copies * tales.count)
    print()
    header(["tokeniser", "tokens/s", "MB/s"])
    for (name, seconds) in [("words counted", counting), ("words to ids", encoding)] {
      row([name, String(format: "%.2e", Double(tokens) / seconds), text(size / seconds / 1e6, 0)])
    }
  }
}

/// Processor seconds of this process in `body`.
func cpu(_ body: () throws -> Void) rethrows -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
  let start = now()
  try body()
  return now() - start
}

/// Independent ids, the k-th with a probability in proportion to 1/k.
private struct ZipfStream {
  private var stream = Theory.Stream(kind: "benchmark", seed: 1, purpose: "zipf")
  private let sums: [Double]

  init(vocabulary: Int) {
    var sum = 0.0
    sums = (1...vocabulary).map { rank in
      sum += 1 / Double(rank)
      return sum
    }
  }

  mutating func next(_ count: Int) -> [UInt32] {
    (0..<count).map { _ in
      let target = stream.uniform() * sums[sums.count - 1]
      var (low, high) = (0, sums.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if sums[middle] > target { high = middle } else { low = middle + 1 }
      }
      return UInt32(low)
    }
  }
}

/// Runs in a file.
private final class FileRuns: RunStore {
  private let descriptor: Int32
  private(set) var bytes = 0

  init(_ url: URL) { descriptor = open(url.path, O_RDWR | O_CREAT | O_TRUNC, 0o600) }

  deinit { close(descriptor) }

  func write(_ words: [UInt32]) throws {
    words.withUnsafeBytes { source in
      var done = 0
      while done < source.count {
        let wrote = pwrite(
          descriptor, source.baseAddress! + done, source.count - done, off_t(bytes + done))
        precondition(wrote > 0, "cannot write the runs")
        done += wrote
      }
    }
    bytes += 4 * words.count
  }

  func read(at offset: Int, count: Int) throws -> [UInt32] {
    [UInt32](unsafeUninitializedCapacity: count) { buffer, used in
      var done = 0
      while done < 4 * count {
        let got = pread(
          descriptor, UnsafeMutableRawPointer(buffer.baseAddress!) + done, 4 * count - done,
          off_t(4 * offset + done))
        precondition(got > 0, "cannot read the runs")
        done += got
      }
      used = count
    }
  }
}
