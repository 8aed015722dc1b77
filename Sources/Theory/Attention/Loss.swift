/// The losses that descent can minimise.
package enum Loss: String, Hashable, Sendable, CaseIterable {
  /// `−ln a_y`, the log-loss with the tied head (convex in `W`).
  case log

  /// The empirical risk at `weights`: the mean of the loss over the sequences.
  package func value(at weights: Matrix, of contexts: Contexts) -> LossValue {
    evaluate(at: weights, of: contexts).value
  }

  /// The gradient of the empirical risk by `W`, at `weights`.
  package func gradient(at weights: Matrix, of contexts: Contexts) -> ScaledGradient {
    let (slope, coefficients, _) = evaluate(at: weights, of: contexts)
    return ScaledGradient(
      exponent: slope.exponent, direction: contexts.weightGradient(of: coefficients))
  }

  /// Slope, derivatives by scores `G̃` (q × K) and loss at `weights`.
  func evaluate(
    at weights: Matrix, of contexts: Contexts
  ) -> (slope: Slope, coefficients: Matrix, value: LossValue) {
    let scores = Block(contexts.scores(of: weights).elements)
    let (rows, columns) = (contexts.lastTokens.count, contexts.vocabulary)
    let coefficients = Block(count: scores.count)
    let loss = make(contexts, stride: columns)
    let slope = loss.differentiate(scores: scores.pointer, into: coefficients.pointer)
    let matrix = coefficients.matrix(rows: rows, columns: columns, stride: columns)
    return (slope, matrix, loss.value())
  }

  private func make(_ contexts: Contexts, stride: Int) -> any ScoreLoss {
    switch self {
    case .log: LogLoss(contexts, stride: stride)
    }
  }
}
