/// Stochastic gradient descent on a text, as in PyTorch's word-language-model example: batches in
/// the text's order, the gradient clipped by its norm, a fixed step.
package struct TransformerTraining: Sendable {
  package let shape: TransformerShape
  /// Sequences in a batch.
  package let sequences: Int
  package let iterations: Int
  /// η.
  package let stepSize: Double
  /// The greatest norm of a gradient; a longer one is shortened to it.
  package let clip: Double
  /// The probability with which dropout drops a number.
  package let dropout: Double
  package let schedule: RecordSchedule
  /// When attention maps are kept.
  package let mapIterations: [Int]
  /// The most batches on which validation is measured.
  package let validationBatches: Int

  package init(
    _ shape: TransformerShape, sequences: Int, iterations: Int, stepSize: Double, clip: Double,
    dropout: Double, schedule: RecordSchedule, mapIterations: [Int], validationBatches: Int
  ) {
    (self.shape, self.sequences, self.iterations) = (shape, sequences, iterations)
    (self.stepSize, self.clip, self.dropout) = (stepSize, clip, dropout)
    (self.schedule, self.mapIterations) = (schedule, mapIterations)
    self.validationBatches = validationBatches
  }

  /// Trains from the initial parameters of a seed.
  /// - Precondition: Both texts have a batch.
  package func run(
    _ training: TokenColumns, validation: TokenColumns, seed: Int, workers: Workers = .alone
  ) -> TransformerRun {
    var state = State(self, seed: seed, workers)
    var run = TransformerRun(layers: shape.layers, length: shape.length)
    let records = Set(schedule.iterations(through: iterations))
    let maps = Set(mapIterations)
    for iteration in 0...iterations {
      if records.contains(iteration) {
        run.append(state.record(iteration, validation))
      }
      if maps.contains(iteration) { run.appendMap(iteration, state.maps(validation.batch(0))) }
      if iteration < iterations { state.step(iteration, training.batch(iteration)) }
    }
    return run
  }
}

/// What training changes.
private struct State {
  private let training: TransformerTraining
  private let seed: Int
  private let model: Transformer
  private var parameters: [Double]
  private var gradient: [Double]
  /// Losses and gradient norms since the last record.
  private var losses: [Double] = []
  private var norms: [Double] = []

  init(_ training: TransformerTraining, seed: Int, _ workers: Workers) {
    (self.training, self.seed) = (training, seed)
    model = Transformer(training.shape, sequences: training.sequences, workers: workers)
    parameters = training.shape.initialParameters(seed: seed)
    gradient = .init(repeating: 0, count: parameters.count)
  }

  mutating func step(_ iteration: Int, _ batch: Transformer.Batch) {
    let dropout = Dropout.random(training.dropout, seed: seed, iteration: iteration)
    let (loss, norm) = model.step(
      batch, at: &parameters, dropout, stepSize: training.stepSize, clip: training.clip,
      gradient: &gradient)
    losses.append(loss)
    norms.append(norm)
  }

  mutating func record(_ iteration: Int, _ validation: TokenColumns) -> TransformerRun.Record {
    var loss = 0.0
    var entropies = [AttentionEntropy](repeating: .init(), count: training.shape.layers)
    let batches = min(validation.count, training.validationBatches)
    for place in 0..<batches {
      loss += model.loss(validation.batch(place), at: &parameters)
      for layer in entropies.indices {
        entropies[layer].add(model.attention(layer: layer), length: training.shape.length)
      }
    }
    defer { (losses, norms) = ([], []) }
    return TransformerRun.Record(
      iteration: iteration, trainingLoss: mean(losses), gradientNorm: mean(norms),
      validationLoss: loss / Double(batches), entropies: entropies)
  }

  /// The attention of each layer in the first sequence of a batch, L × L each.
  mutating func maps(_ batch: Transformer.Batch) -> [Matrix] {
    _ = model.loss(batch, at: &parameters)
    let length = training.shape.length
    return (0..<training.shape.layers).map { layer in
      let all = model.attention(layer: layer)
      return Matrix(
        rows: length, columns: length, elements: Array(all.elements.prefix(length * length)))
    }
  }

  private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : Kernels.sum(values) / Double(values.count)
  }
}
