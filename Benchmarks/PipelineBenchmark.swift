import Foundation

/// Planning and caching beside ninja, on graphs of the same shape: for every run
/// data → tpg → {svm, fin}, data → gd, all → analysis, and one stage that takes every analysis.
enum PipelineBenchmark {
  static func run(in folder: URL) throws {
    header(["stages", "program", "cold, CPU ms a stage", "null run, CPU s", "peak MiB"])
    for stages in [1_000, 10_000, 100_000] {
      try mechanics(stages, folder)
      // A cold run of ninja starts a process a stage: two minutes and more for 100,000.
      if stages <= 10_000 { try ninja(stages, folder) }
    }
  }

  private static func mechanics(_ stages: Int, _ folder: URL) throws {
    let manifest = folder.appendingPathComponent("trivial-\(stages).yaml")
    try """
    experiment: trivial
    title: Stages that do next to nothing
    data: {vocabulary: 3, dimension: 3, length: 2, sequences: 2}
    train: {iterations: 1, record: {log: 1}}
    seeds: 1..\(stages / 6)
    """.write(to: manifest, atomically: true, encoding: .utf8)
    let environment = ["MECHANICS_CACHE": folder.appendingPathComponent("cache-\(stages)").path]
    let command = [
      binary, "run", manifest.path, "--results", folder.appendingPathComponent("results").path,
    ]
    let cold = Measurement.of(command, in: folder, environment: environment)
    let null = Measurement.best(of: 5, command, in: folder, environment: environment)
    precondition(cold.status == 0 && null.status == 0, "the run failed")
    report(stages, "mechanics", cold, null)
  }

  private static func ninja(_ stages: Int, _ folder: URL) throws {
    var text = "rule make\n  command = echo $out > $out\n"
    let runs = stages / 6
    for run in 1...runs {
      text += "build data\(run): make\nbuild tpg\(run): make data\(run)\n"
      text += "build svm\(run): make data\(run) tpg\(run)\n"
      text += "build fin\(run): make data\(run) tpg\(run)\nbuild gd\(run): make data\(run)\n"
      text += "build analysis\(run): make data\(run) tpg\(run) svm\(run) gd\(run) fin\(run)\n"
    }
    text += "build summary: make " + (1...runs).map { "analysis\($0)" }.joined(separator: " ")
    let place = folder.appendingPathComponent("ninja-\(stages)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    try (text + "\n").write(
      to: place.appendingPathComponent("build.ninja"), atomically: true, encoding: .utf8)
    let cold = Measurement.of(["ninja"], in: place)
    guard cold.status == 0 else {
      row([String(stages), "ninja", "not installed", "", ""])
      return
    }
    report(stages, "ninja", cold, Measurement.best(of: 5, ["ninja"], in: place))
  }

  private static func report(
    _ stages: Int, _ name: String, _ cold: Measurement, _ null: Measurement
  ) {
    row([
      String(stages), name, text(1e3 * cold.cpu / Double(stages)), text(null.cpu),
      text(null.peak, 0),
    ])
  }
}
