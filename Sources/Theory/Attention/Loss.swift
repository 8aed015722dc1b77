/// The losses that descent can minimise, of the logits u and the label y.
///
/// Only `log` is convex in `W`; with the others descent converges locally (arXiv 2403.08081,
/// section 5).
package enum Loss: Hashable, Sendable {
  /// `−ln u_y`; with the tied head only, since a general head's `u_y` may be negative.
  case log
  /// `(1 − u_y)²`; with the general head `(1 − softmax(u)_y)²`.
  case squared
  /// `−ln softmax(u / temperature)_y` over the whole vocabulary; temperature > 0.
  case crossEntropy(temperature: Double)
  /// `−u_y`.
  case correlation

  /// Whether the loss is defined with `head`.
  package func accepts(_ head: Head) -> Bool { self != .log || head == .tied }

  /// The empirical risk at `weights`: the mean of the loss over the sequences.
  package func value(
    at weights: Matrix, of contexts: Contexts, head: Head = .tied
  ) -> LossValue {
    evaluate(at: weights, of: contexts, head: head).value
  }

  /// The gradient of the empirical risk by `W`, at `weights`.
  package func gradient(
    at weights: Matrix, of contexts: Contexts, head: Head = .tied
  ) -> ScaledGradient {
    let (slope, coefficients, _) = evaluate(at: weights, of: contexts, head: head)
    return ScaledGradient(
      exponent: slope.exponent, direction: contexts.weightGradient(of: coefficients))
  }

  /// Slope, derivatives by scores `G̃` (q × K) and loss at `weights`.
  func evaluate(
    at weights: Matrix, of contexts: Contexts, head: Head
  ) -> (slope: Slope, coefficients: Matrix, value: LossValue) {
    let scores = Block(contexts.scores(of: weights).elements)
    let (rows, columns) = (contexts.lastTokens.count, contexts.vocabulary)
    let coefficients = Block(count: scores.count)
    let loss = make(contexts, head: head, stride: columns)
    let slope = loss.differentiate(scores: scores.pointer, into: coefficients.pointer)
    let matrix = coefficients.matrix(rows: rows, columns: columns, stride: columns)
    return (slope, matrix, loss.value())
  }

  /// The loss of given contexts; `Descent` has the same list, to specialise its loop to each.
  func make(_ contexts: Contexts, head: Head, stride: Int) -> any ScoreLoss {
    precondition(accepts(head), "the log-loss requires the tied head")
    return switch self {
    case .log:
      LogLoss(contexts, stride: stride)
    case .squared:
      MassLoss(SquaredLoss(), contexts, head: head, stride: stride)
    case .crossEntropy(let temperature):
      MassLoss(CrossEntropyLoss(temperature), contexts, head: head, stride: stride)
    case .correlation:
      MassLoss(CorrelationLoss(), contexts, head: head, stride: stride)
    }
  }
}
