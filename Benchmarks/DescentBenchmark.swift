import Foundation
import Theory

/// Microseconds an iteration of normalised descent, one thread, beside NumPy (descent.py).
enum DescentBenchmark {
  private struct Size {
    let name: String
    let sequences: Int
    let length: Int
    let vocabulary: Int
    let dimension: Int
    let iterations: Int

    /// n, T, K, d.
    var numbers: [Int] { [sequences, length, vocabulary, dimension] }
  }

  private static let sizes = [
    Size(name: "S", sequences: 6, length: 4, vocabulary: 6, dimension: 8, iterations: 200_000),
    Size(name: "M", sequences: 256, length: 16, vocabulary: 64, dimension: 64, iterations: 2_000),
    Size(
      name: "L", sequences: 4096, length: 64, vocabulary: 512, dimension: 256, iterations: 20),
  ]

  static func run(in folder: URL) throws {
    header(["size (n, T, K, d)", "mechanics, µs", "NumPy, µs", "ratio"])
    for size in sizes {
      let ours = try microseconds(size)
      let numpy = peer(size)
      row([
        "\(size.name) \(size.numbers)", text(ours, 2),
        numpy.map { text($0, 1) } ?? "not installed", numpy.map { text($0 / ours, 1) } ?? "",
      ])
    }
  }

  private static func microseconds(_ size: Size) throws -> Double {
    let design = DatasetDesign(
      sequences: size.sequences, length: size.length, vocabulary: size.vocabulary,
      dimension: size.dimension, embedding: .unitRandom)
    let contexts = Contexts(try design.draw(seed: 1))
    let start = Matrix(zeros: size.dimension, size.dimension)
    let descent = Descent(
      stepSize: 0.01, isNormalised: true, iterations: size.iterations, schedule: .log(1))
    let times = (0..<3).map { _ in
      ContinuousClock().measure { _ = descent.run(contexts, from: start) } / .microseconds(1)
    }
    return times.min()! / Double(size.iterations)
  }

  private static func peer(_ size: Size) -> Double? {
    let numbers = (size.numbers + [max(3, size.iterations / 50)]).map(String.init)
    return Peer.number(
      ["python3", "Benchmarks/descent.py"] + numbers,
      environment: ["OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"])
  }
}
