/// What the automaton says of a context.
package struct Prediction: Hashable, Sendable {
  package enum Status: String, Hashable, Sendable, CaseIterable {
    /// One component of the context's tokens has the highest priority: all other tokens are reached
    /// from it.
    case unique
    /// Several components are not comparable, and `W_svm` scores one highest.
    case byMargin = "by-margin"
    /// Several components are not comparable and `W_svm` scores them equal, or there is none: no
    /// prediction.
    case ambiguous
    /// No training sequence ends with the context's last token: no prediction.
    case unseen
  }

  package let status: Status
  /// By how much the `W_svm` score of the retrieved tokens is above that of the context's others; ∞
  /// where there are no others, NaN where nothing is predicted or there is no `W_svm`.
  package let gap: Double
  /// The tokens that hard retrieval keeps, ascending; none where nothing is predicted.
  package let retrieved: [Int]
  /// The probability of each token of the vocabulary, [K]; nil: nothing is predicted, or there is no
  /// `W_fin`.
  package let distribution: [Double]?

  init(
    status: Status, gap: Double = .nan, retrieved: [Int] = [], distribution: [Double]? = nil
  ) {
    (self.status, self.gap) = (status, gap)
    (self.retrieved, self.distribution) = (retrieved, distribution)
  }

  /// The total-variation distance to another distribution, `½ Σ |p_j − q_j|`; NaN where nothing is
  /// predicted.
  package func distance(to other: [Double]) -> Double {
    guard let distribution else { return .nan }
    precondition(other.count == distribution.count, "distributions on one vocabulary")
    return zip(distribution, other).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
  }
}

/// A trained layer's distribution of the next token: with the tied head the attention mass on each
/// token of the vocabulary.
package struct NextTokenModel: Sendable {
  /// `e_jᵀ W e_k` at [k, j].
  private let scores: Matrix

  /// - Parameters:
  ///   - weights: W, d × d.
  ///   - embeddings: `E`, K × d.
  package init(weights: Matrix, embeddings: Matrix) {
    scores = embeddings * weights.transposed * embeddings.transposed
  }

  /// The distribution after a context that is not empty: [K].
  package func distribution(after context: [Int]) -> [Double] {
    let row = scores[row: context[context.count - 1]]
    let values = context.map { row[row.startIndex + $0] }
    let highest = values.reduce(-Double.infinity, max)
    let powers = Kernels.exp(values.map { $0 - highest })
    let sum = powers.reduce(0, +)
    var distribution = [Double](repeating: 0, count: scores.columns)
    for (token, power) in zip(context, powers) { distribution[token] += power / sum }
    return distribution
  }
}
