import Foundation
import Theory

/// Tokens a second of whole training steps (gradient, clipping, update) in double precision, beside
/// PyTorch (transformer.py) on the same tokens; one and two threads, wall time.
///
/// Programs take turns, so that both meet the same load; the best of all turns counts.
enum TransformerBenchmark {
  private struct Setting {
    let layers: Int
    let vocabulary: Int
    let threads: Int

    var numbers: [String] { [layers, vocabulary, threads, iterations].map(String.init) }
    var iterations: Int { vocabulary > 10_000 ? 3 : 6 }
  }

  private static let turns = 3

  static func run(in folder: URL) throws {
    let python = CommandLine.arguments.dropFirst(2).first ?? "python3"
    header(["layers", "vocabulary", "threads", "mechanics, tokens/s", "PyTorch", "ratio"])
    for (layers, vocabulary) in [(1, 1000), (1, 10_000), (3, 10_000), (1, 33_278), (3, 33_278)] {
      for threads in [1, 2] {
        let setting = Setting(layers: layers, vocabulary: vocabulary, threads: threads)
        var (ours, theirs) = (0.0, 0.0)
        for _ in 0..<turns {
          ours = max(ours, tokensPerSecond(setting))
          theirs = max(theirs, peer(setting, python) ?? 0)
        }
        row([
          "\(layers)", "\(vocabulary)", "\(threads)", text(ours, 0),
          theirs > 0 ? text(theirs, 0) : "not installed",
          theirs > 0 ? text(ours / theirs, 2) : "",
        ])
      }
    }
  }

  private static func tokensPerSecond(_ setting: Setting) -> Double {
    let shape = TransformerShape(
      vocabulary: setting.vocabulary, dimension: 200, hidden: 200, layers: setting.layers,
      length: 35)
    let model = Transformer(shape, sequences: 20, workers: Workers(count: setting.threads))
    var parameters = shape.initialParameters(seed: 1)
    var gradient = parameters
    let tokens = (0..<701).map { $0 * 7919 % setting.vocabulary }
    let batch = Transformer.Batch(
      tokens: Array(tokens.dropLast()), labels: Array(tokens.dropFirst()))
    var best = Double.infinity
    for iteration in 0..<setting.iterations {
      let time = ContinuousClock().measure {
        let dropout = Dropout.random(0.2, seed: 1, iteration: iteration)
        _ = model.step(
          batch, at: &parameters, dropout, stepSize: 5, clip: 0.25, gradient: &gradient)
      }
      best = min(best, time / .seconds(1))
    }
    return 700 / best
  }

  private static func peer(_ setting: Setting, _ python: String) -> Double? {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, "Benchmarks/transformer.py"] + setting.numbers
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["OMP_NUM_THREADS": "\(setting.threads)", "MKL_NUM_THREADS": "\(setting.threads)"]) { $1 }
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Double(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines))
  }
}
