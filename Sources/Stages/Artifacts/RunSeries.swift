import Canonical

/// What an analysis found in one run: each metric over the recorded iterations.
///
/// Every model's analysis writes this document, so summaries, figures and claims serve them all.
/// A number that does not exist is missing: nil here, NaN in the file.
package struct RunSeries: Hashable, Sendable {
  package static let fileName = "series.safetensors"
  private static let iterationName = "iteration"

  /// The recorded iterations, increasing.
  package let iterations: [Int]
  /// A value an iteration, or one value for the whole run.
  package let metrics: [String: [Double?]]

  package init(iterations: [Int], metrics: [String: [Double?]]) {
    precondition(metrics.values.allSatisfy { $0.count == iterations.count || $0.count == 1 })
    (self.iterations, self.metrics) = (iterations, metrics)
  }

  /// The metric at the last iteration.
  package func final(_ metric: String) -> Double? { metrics[metric]?.last ?? nil }

  package var bytes: [UInt8] {
    var tensors = Tensors()
    tensors.set(RunSeries.iterationName, iterations)
    for (name, values) in metrics { tensors.set(name, values.map { $0 ?? .nan }) }
    return tensors.bytes
  }

  package init(bytes: [UInt8]) throws(FormatError) {
    let tensors = try Tensors(bytes: bytes)
    iterations = try tensors.integers(RunSeries.iterationName).values
    var metrics: [String: [Double?]] = [:]
    for name in tensors.names where name != RunSeries.iterationName {
      metrics[name] = try tensors.numbers(name).values.map { $0.isFinite ? $0 : nil }
    }
    self.metrics = metrics
  }
}
