import Canonical
import Foundation
import ManifestToys
import Manifests

/// Reads mutations of the test manifests until the time is over or the reader stops.
///
///     swift run -c release manifest-fuzz --seconds 600 --seed 1
///
/// The input at hand is always in `manifest-fuzz.input`; a run that stops leaves its cause there,
/// and `manifest-fuzz --input FILE` reads it again. `--export FOLDER` writes the JSON Schema and the
/// documents that were accepted, for `Tests/ManifestsTests/check_schema.py`.
@main
struct ManifestFuzz {
  /// The longest that the reader may take for one input of at most 64 KiB.
  private static let patience = 2.0

  static func main() throws {
    let arguments = CommandLine.arguments
    func argument(_ name: String) -> String? {
      arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
    }
    if let file = argument("--input") {
      print(Properties.outcome(of: Array(try Data(contentsOf: URL(fileURLWithPath: file)))))
      return
    }
    let seconds = argument("--seconds").flatMap(Double.init) ?? 60
    let seed = argument("--seed").flatMap(UInt64.init) ?? 1
    let pool = try run(seconds: seconds, seed: seed)
    if let folder = argument("--export") { try export(pool, to: URL(fileURLWithPath: folder)) }
  }

  private static func export(_ pool: [[UInt8]], to folder: URL) throws {
    let accepted = folder.appending(path: "accepted")
    try FileManager.default.createDirectory(at: accepted, withIntermediateDirectories: true)
    try Data(Toy.schema.json.json().utf8).write(to: folder.appending(path: "schema.json"))
    for (index, input) in pool.enumerated() where (try? Toy.read(input)) != nil {
      let raw = try Manifest.raw(input, file: "toy.yaml")
      try Data(raw.json().utf8).write(to: accepted.appending(path: "\(index).json"))
    }
  }

  /// Reads mutations; returns those which were accepted, each in a new way.
  private static func run(seconds: Double, seed: UInt64) throws -> [[UInt8]] {
    var pool = try corpus()
    var accepted = pool.filter { Properties.outcome(of: $0).hasPrefix(Properties.accepted) }
    var outcomes: Set<String> = []
    var mutator = Mutator(seed: seed)
    let journal = try Journal(path: "manifest-fuzz.input")
    let start = Date()
    var count = 0
    var slowest = 0.0
    while Date().timeIntervalSince(start) < seconds {
      // Few changes leave a manifest right: those which do are worth every other turn.
      let input = mutator.mutation(of: count.isMultiple(of: 2) ? pool : accepted)
      journal.write(input)
      let before = Date()
      let outcome = Properties.outcome(of: input)
      let duration = Date().timeIntervalSince(before)
      slowest = max(slowest, duration)
      precondition(duration < patience, "one input took \(duration) seconds")
      if outcomes.count < 100_000, outcomes.insert(outcome).inserted {
        pool.append(input)
        if outcome.hasPrefix(Properties.accepted) { accepted.append(input) }
      }
      count += 1
    }
    print(
      "\(count) inputs, \(outcomes.count) outcomes, \(accepted.count) accepted ones, "
        + "the slowest in \(slowest) s; seed \(seed)")
    return accepted
  }

  /// The test manifests, good and malformed.
  private static func corpus() throws -> [[UInt8]] {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "ManifestsTests")
    var files: [[UInt8]] = []
    for folder in ["Good", "Malformed"] {
      let url = tests.appending(path: folder)
      for name in try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
      where name.hasSuffix(".yaml") {
        files.append(Array(try Data(contentsOf: url.appending(path: name))))
      }
    }
    return files.filter { $0.count <= 1 << 16 }
  }
}

/// A file that holds the input at hand, also after the program has been stopped by a trap.
struct Journal {
  private let handle: FileHandle

  init(path: String) throws {
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
  }

  func write(_ bytes: [UInt8]) {
    try? handle.truncate(atOffset: 0)
    try? handle.seek(toOffset: 0)
    try? handle.write(contentsOf: bytes)
  }
}
