import Foundation
import Theory

/// Microseconds an iteration of normalised descent, one thread, beside NumPy (descent.py).
enum DescentBenchmark {
  private static let sizes = [
    (name: "S", n: 6, T: 4, K: 6, d: 8, iterations: 200_000),
    (name: "M", n: 256, T: 16, K: 64, d: 64, iterations: 2_000),
    (name: "L", n: 4096, T: 64, K: 512, d: 256, iterations: 20),
  ]

  static func run(in folder: URL) throws {
    header(["size (n, T, K, d)", "mechanics, µs", "NumPy, µs", "ratio"])
    for size in sizes {
      let ours = try microseconds(size.n, size.T, size.K, size.d, size.iterations)
      let numpy = peer(size.n, size.T, size.K, size.d, max(3, size.iterations / 50), folder)
      row([
        "\(size.name) (\(size.n), \(size.T), \(size.K), \(size.d))", text(ours, 2),
        numpy.map { text($0, 1) } ?? "not installed", numpy.map { text($0 / ours, 1) } ?? "",
      ])
    }
  }

  private static func microseconds(
    _ n: Int, _ T: Int, _ K: Int, _ d: Int, _ iterations: Int
  ) throws -> Double {
    let design = DatasetDesign(
      sequences: n, length: T, vocabulary: K, dimension: d, embedding: .unitRandom)
    let contexts = Contexts(try design.draw(seed: 1))
    let start = Matrix(zeros: d, d)
    let descent = Descent(
      stepSize: 0.01, isNormalised: true, iterations: iterations, schedule: .log(1))
    let times = (0..<3).map { _ in
      ContinuousClock().measure { _ = descent.run(contexts, from: start) } / .microseconds(1)
    }
    return times.min()! / Double(iterations)
  }

  private static func peer(
    _ n: Int, _ T: Int, _ K: Int, _ d: Int, _ iterations: Int, _ folder: URL
  ) -> Double? {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let numbers = [n, T, K, d, iterations].map(String.init)
    process.arguments = ["python3", "Benchmarks/descent.py"] + numbers
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"]) { $1 }
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Double(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines))
  }
}
