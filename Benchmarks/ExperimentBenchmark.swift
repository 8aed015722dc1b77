import Foundation

/// The two central experiments with 100 seeds each, cold: processor seconds of the stages.
enum ExperimentBenchmark {
  static func run(in folder: URL) throws {
    header(["experiment", "seeds", "CPU s", "wall s, 2 jobs"])
    for name in ["acyclic", "cyclic"] {
      let cache = folder.appendingPathComponent("cache-\(name)").path
      let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
      // Results go to a folder without the drawing tool above it, so that no figure is drawn.
      let measured = Measurement.of(
        [
          binary, "run", "manifests/\(name).yaml", "--jobs", "2", "--no-draw", "--results",
          folder.appendingPathComponent("results").path,
        ], in: here, environment: ["MECHANICS_CACHE": cache])
      precondition(measured.status == 0, "the run failed")
      row([name, "100", text(measured.cpu, 2), text(measured.wall, 2)])
    }
  }
}
