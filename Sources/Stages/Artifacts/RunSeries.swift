import Canonical

/// What an analysis found in one run: each metric over the recorded iterations.
///
/// Every model's analysis writes this document, so summaries, figures and claims serve them all.
/// A number that does not exist is missing: nil here, NaN in the file. There, what has one value for
/// the whole run stands in one array, `constants`, its names in the header: an array each would cost
/// every reader some 10 µs.
package struct RunSeries: Hashable, Sendable {
  package static let fileName = "series.safetensors"
  private static let iterationName = "iteration"
  private static let constantsName = "constants"

  /// The recorded iterations, increasing.
  package let iterations: [Int]
  /// A value an iteration, or one value for the whole run.
  package let metrics: [String: [Double?]]

  package init(iterations: [Int], metrics: [String: [Double?]]) {
    precondition(metrics.values.allSatisfy { $0.count == iterations.count || $0.count == 1 })
    (self.iterations, self.metrics) = (iterations, metrics)
  }

  /// This and another series of the same run, of other metrics.
  ///
  /// One without iterations has only metrics with one value for the whole run.
  /// - Throws: `FormatError` where the two do not fit together.
  package func merged(with other: RunSeries) throws(FormatError) -> RunSeries {
    guard iterations == other.iterations || iterations.isEmpty || other.iterations.isEmpty,
      metrics.keys.allSatisfy({ other.metrics[$0] == nil })
    else { throw FormatError("two series of one run that do not fit together") }
    return RunSeries(
      iterations: iterations.isEmpty ? other.iterations : iterations,
      metrics: metrics.merging(other.metrics) { first, _ in first })
  }

  /// The metric at the last iteration.
  package func final(_ metric: String) -> Double? { metrics[metric]?.last ?? nil }

  package var bytes: [UInt8] {
    var tensors = Tensors()
    tensors.set(RunSeries.iterationName, iterations)
    var constants: [(name: String, value: Double)] = []
    for (name, values) in metrics {
      if values.count == 1 {
        constants.append((name, values[0] ?? .nan))
      } else {
        tensors.set(name, values.map { $0 ?? .nan })
      }
    }
    constants.sort { $0.name < $1.name }
    tensors.set(RunSeries.constantsName, constants.map(\.value))
    tensors.metadata[RunSeries.constantsName] = constants.map(\.name).joined(separator: " ")
    return tensors.bytes
  }

  package init(bytes: [UInt8]) throws(FormatError) {
    let tensors = try Tensors(bytes: bytes)
    iterations = try tensors.integers(RunSeries.iterationName).values
    var metrics: [String: [Double?]] = [:]
    let constants = try tensors.numbers(RunSeries.constantsName).values
    let names = (tensors.metadata[RunSeries.constantsName] ?? "").split(separator: " ")
    guard names.count == constants.count else { throw FormatError("constants without names") }
    for (name, value) in zip(names, constants) {
      metrics[String(name)] = [value.isFinite ? value : nil]
    }
    for name in tensors.names
    where name != RunSeries.iterationName && name != RunSeries.constantsName {
      metrics[name] = try tensors.numbers(name).values.map { $0.isFinite ? $0 : nil }
    }
    self.metrics = metrics
  }
}
