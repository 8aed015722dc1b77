import Foundation

/// Measures speed beside other programs on the same machine; `make bench` runs all.
///
/// Every figure is a ratio to something that ran beside it. docs/performance.md keeps the outcomes.
@main
struct Benchmarks {
  static func main() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("mechanics-bench-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let names = CommandLine.arguments.dropFirst().prefix(1)
    let all: [(name: String, run: (URL) throws -> Void)] = [
      ("pipeline", PipelineBenchmark.run), ("experiments", ExperimentBenchmark.run),
      ("descent", DescentBenchmark.run), ("scan-snap", ScanSnapBenchmark.run),
      ("corpus", CorpusBenchmark.run), ("transformer", TransformerBenchmark.run),
      ("shared-cache", SharedCacheBenchmark.run), ("cluster", ClusterBenchmark.run),
    ]
    for benchmark in all where names.isEmpty || names.contains(benchmark.name) {
      print("\n## \(benchmark.name)\n")
      try benchmark.run(folder)
    }
  }
}
