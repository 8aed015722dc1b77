/// What is recorded of a run of ``ScanSnapDescent``.
package struct ScanSnapTrajectory: Hashable, Sendable {
  /// The number of last tokens and of all tokens, M.
  package let lastTokens: Int
  package let vocabulary: Int
  /// The recorded iterations, R of them, from 0 on.
  package internal(set) var iterations: [Int]
  /// The rows of `Z` of the last tokens at each record, R × last tokens × M.
  package internal(set) var attention: [Double]
  /// The mean cross-entropy, in nats, of the fresh batch of each recorded iteration, before its step.
  package internal(set) var losses: [Double]
  /// The mean probability of the right next token on the same batch.
  package internal(set) var likelihoods: [Double]
  /// The largest change that one step made to an entry of `Z` since the record before; 0 at first.
  package internal(set) var largestSteps: [Double]
  /// The first iteration whose batch has the right next token likelier than not, on average.
  package internal(set) var likelyAt: Int?

  package init(
    lastTokens: Int, vocabulary: Int, iterations: [Int] = [], attention: [Double] = [],
    losses: [Double] = [], likelihoods: [Double] = [], largestSteps: [Double] = [],
    likelyAt: Int? = nil
  ) {
    (self.lastTokens, self.vocabulary) = (lastTokens, vocabulary)
    (self.iterations, self.attention, self.losses) = (iterations, attention, losses)
    (self.likelihoods, self.largestSteps, self.likelyAt) = (likelihoods, largestSteps, likelyAt)
  }

  /// The row of `Z` of a last token, numbered from 0, at a record.
  func scores(_ record: Int, query: Int) -> ArraySlice<Double> {
    let first = (record * lastTokens + query) * vocabulary
    return attention[first..<first + vocabulary]
  }
}
