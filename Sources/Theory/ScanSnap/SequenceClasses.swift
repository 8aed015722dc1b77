/// The sequence classes of *Scan and Snap*: which tokens surround a last token, for each next token
/// (arXiv 2305.16380, section 2 and the data of section 6).
///
/// Class n ends with its last token, predicts its own next token, and its context is drawn from tokens
/// that all classes share (*common*) and tokens of its own (*distinct*). Tokens are numbered in this
/// order: common ones, the distinct ones of class 0, 1, …, last tokens, next tokens.
package struct SequenceClasses: Hashable, Sendable {
  /// The number of last tokens.
  package let lastTokens: Int
  /// The next tokens, so the classes, of each last token.
  package let nextPerLast: Int
  /// The number of common tokens.
  package let common: Int
  /// The distinct tokens of each class.
  package let distinct: Int
  /// The weight of each context token of a class, common ones first, the same for every class.
  package let weights: [Double]

  /// - Parameters:
  ///   - commonWeight: the weight of each common token.
  ///   - distinctWeights: those of a class's first and last distinct token; evenly spaced between.
  package init(
    lastTokens: Int, nextPerLast: Int, common: Int = 10, distinct: Int = 10,
    commonWeight: Double = 1, distinctWeights: ClosedRange<Double> = 0.1...1
  ) {
    precondition(lastTokens >= 1 && nextPerLast >= 1 && common >= 0 && distinct >= 1)
    (self.lastTokens, self.nextPerLast) = (lastTokens, nextPerLast)
    (self.common, self.distinct) = (common, distinct)
    let (least, most) = (distinctWeights.lowerBound, distinctWeights.upperBound)
    let step = distinct == 1 ? 0 : (most - least) / Double(distinct - 1)
    weights =
      [Double](repeating: commonWeight, count: common)
      + (0..<distinct).map { $0 == distinct - 1 ? most : least + step * Double($0) }
  }

  /// The number of classes, which is that of next tokens.
  package var count: Int { lastTokens * nextPerLast }
  /// The context tokens of a class.
  package var contextTokens: Int { common + distinct }
  /// The tokens that sequences consist of: all but the next tokens, which come last.
  package var inputTokens: Int { common + distinct * count + lastTokens }
  /// The number of tokens, M.
  package var vocabulary: Int { inputTokens + count }

  /// The first of the consecutive distinct tokens of class n.
  package func firstDistinct(of n: Int) -> Int { common + distinct * n }
  /// The number among last tokens, from 0, of that of class n.
  package func query(of n: Int) -> Int { n / nextPerLast }
  /// The last token of class n.
  package func lastToken(of n: Int) -> Int { common + distinct * count + query(of: n) }
  package func nextToken(of n: Int) -> Int { inputTokens + n }

  /// The context tokens of class n, in the order of ``weights``.
  package func tokens(of n: Int) -> [Int] {
    Array(0..<common) + Array(firstDistinct(of: n)..<firstDistinct(of: n) + distinct)
  }

  /// P(l | n) of a class's context tokens, the same for every class.
  package var probabilities: [Double] {
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }
}
