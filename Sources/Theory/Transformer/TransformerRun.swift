/// What was recorded of a transformer's training.
package struct TransformerRun: Hashable, Sendable {
  package struct Record: Hashable, Sendable {
    package let iteration: Int
    /// The mean loss of the batches since the last record, in nats; nil at the start.
    package let trainingLoss: Double?
    /// The mean norm of their gradients before they were clipped; nil at the start.
    package let gradientNorm: Double?
    /// The mean loss on the validation text, without dropout, in nats.
    package let validationLoss: Double
    /// Of each layer, on the validation text.
    package let entropies: [AttentionEntropy]
  }

  package let layers: Int
  /// L, the tokens of a sequence.
  package let length: Int
  package private(set) var records: [Record] = []
  package private(set) var mapIterations: [Int] = []
  /// The attention weights of each layer, L × L, in the first sequence of the validation text, at
  /// each of `mapIterations`.
  package private(set) var maps: [[Matrix]] = []

  init(layers: Int, length: Int) { (self.layers, self.length) = (layers, length) }

  mutating func append(_ record: Record) { records.append(record) }

  mutating func appendMap(_ iteration: Int, _ matrices: [Matrix]) {
    mapIterations.append(iteration)
    maps.append(matrices)
  }
}

/// The model that knows only how frequent tokens are: what a transformer must be better than.
package enum UnigramModel {
  /// The mean loss on `labels`, in nats, with the relative frequencies in `tokens`, one added to
  /// each count.
  package static func loss(of labels: [Int], after tokens: [Int], vocabulary: Int) -> Double {
    var counts = [Double](repeating: 1, count: vocabulary)
    for token in tokens { counts[token] += 1 }
    let total = Kernels.log(Double(tokens.count + vocabulary))
    let logarithms = Kernels.log(counts)
    return total - Kernels.sum(labels.map { logarithms[$0] }) / Double(labels.count)
  }
}
