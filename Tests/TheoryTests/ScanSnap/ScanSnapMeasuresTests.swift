import Testing

@testable import Theory

@Suite struct ScanSnapMeasuresTests {
  private let classes = SequenceClasses(
    lastTokens: 2, nextPerLast: 2, common: 2, distinct: 3, commonWeight: 2,
    distinctWeights: 1...2)

  /// A trajectory of two records: `Z = 0`, then a given row for each of two last tokens.
  private func measures(_ rows: [[Double]], steps: [Double] = [0, 1]) -> ScanSnapMeasures {
    let zeros = [Double](repeating: 0, count: 2 * classes.vocabulary)
    let now = rows.flatMap {
      $0 + [Double](repeating: 0, count: classes.vocabulary - $0.count)
    }
    return ScanSnapMeasures(
      classes,
      ScanSnapTrajectory(
        lastTokens: 2, vocabulary: classes.vocabulary, iterations: Array(steps.indices),
        attention: zeros + now, losses: [], likelihoods: [], largestSteps: steps))
  }

  private func close(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-14 }

  @Test func tokensAreNumberedAsDocumented() {
    #expect(classes.vocabulary == 2 + 12 + 2 + 4)
    #expect(classes.tokens(of: 3) == [0, 1, 11, 12, 13])
    #expect((0..<4).map { classes.lastToken(of: $0) } == [14, 14, 15, 15])
    #expect((0..<4).map { classes.nextToken(of: $0) } == [16, 17, 18, 19])
    #expect(classes.weights == [2, 2, 1, 1.5, 2])
  }

  @Test func attentionStartsAsFrequencies() {
    let measures = measures([[], []])
    for n in 0..<4 { #expect(measures.attention(of: n, at: 0) == classes.probabilities) }
    #expect(close(measures.commonAttention(at: 0), 4 / 8.5))
    #expect(measures.commonLeft(at: 1) == 1 && measures.advantage(at: 1) == 0)
    #expect(measures.frequencyOrder(at: 0).isNaN)
    let shares = [1, 1.5, 2].map { $0 / 4.5 }
    let entropy = shares.reduce(0) { $0 - $1 * Kernels.log($1) }
    #expect(close(measures.distinctEntropy(at: 0), entropy))
  }

  /// Only class 0's distinct tokens (2, 3, 4) move: `e^Z` is 2, 1 and 1/2 times what it was.
  @Test func whatOneClassGainsIsAMeanOverFour() {
    let log2 = Kernels.log(2)
    let measures = measures([[0, 0, log2, 0, -log2], []])
    let weights = [2, 2, 2, 1.5, 1]
    let attention = measures.attention(of: 0, at: 1)
    for (a, b) in zip(attention, weights) { #expect(close(a, b / 8.5)) }
    #expect(close(measures.advantage(at: 1), 0))
    #expect(close(measures.distinctGain(at: 1), 0))
    #expect(close(measures.distinctAttention(0, at: 1), (2 + 3 * 1) / 8.5 / 4))
    // Reversed in one class; the others have no order at all.
    #expect(measures.frequencyOrder(at: 1).isNaN)
    #expect(close(measures.rowDrift(at: 1), 0))
  }

  /// A run that diverged in one row has no number where that row is in it, and no claim of it holds.
  @Test(arguments: [Double.nan, .infinity]) func aDivergedRunIsMissing(score: Double) {
    for row in 0..<2 {
      var rows = [[Double]](repeating: (0..<14).map(Double.init), count: 2)
      rows[row][[2, 8][row]] = score
      let measures = measures(rows)
      for value in [
        measures.distinctEntropy(at: 1), measures.commonAttention(at: 1),
        measures.commonLeft(at: 1), measures.distinctAttention(0, at: 1),
        measures.commonGain(at: 1), measures.distinctGain(at: 1), measures.frequencyOrder(at: 1),
        measures.rowDrift(at: 1), measures.advantage(at: 1),
      ] { #expect(!value.isFinite) }
    }
    #expect(measures([[], []], steps: [0, .nan, 1, 1, 1, 1]).lateMotion.isNaN)
    #expect(measures([[], []], steps: [0, 2, 1, 1, .nan, 1]).lateMotion.isNaN)
  }

  /// Where the common tokens have all attention in floating point, that among the distinct ones is
  /// still a distribution.
  @Test(arguments: [0.0, 600, 740, 5000]) func distinctEntropyIsThatOfTheDistinct(lead: Double) {
    let log2 = Kernels.log(2)
    let measures = measures([[lead, lead, log2, 0, -log2], [lead, lead]])
    let shares = [2, 1.5, 1].map { $0 / 4.5 }
    let entropy = shares.reduce(0) { $0 - $1 * Kernels.log($1) }
    #expect(close(measures.distinctEntropy(at: 1), entropy))
  }

  @Test func withoutCommonTokensNoneIsLeft() {
    let classes = SequenceClasses(lastTokens: 1, nextPerLast: 1, common: 0, distinct: 2)
    let measures = ScanSnapMeasures(
      classes,
      ScanSnapTrajectory(
        lastTokens: 1, vocabulary: classes.vocabulary, iterations: [0],
        attention: .init(repeating: 0, count: classes.vocabulary), losses: [], likelihoods: [],
        largestSteps: [0]))
    #expect(measures.commonLeft(at: 0).isNaN)
  }

  @Test func driftIsThatOfTheWorstRow() {
    #expect(close(measures([[1, 2], [0, 0, -4]]).rowDrift(at: 1), 4))
  }

  @Test func lateMotionIsRelativeToThePeak() {
    let steps: [Double] = [0, 8, 4, 2, 1, 0.5, 0.25]
    // Of iterations 0…6 those after 3.6 are late.
    #expect(measures([[], []], steps: steps).lateMotion == 0.125)
    #expect(measures([[], []], steps: [0, 0]).lateMotion.isNaN)
  }

  @Test func rankCorrelationsShareTiedRanks() {
    #expect(close(RankCorrelation.spearman([1, 5, 9], [2, 3, 100]), 1))
    #expect(close(RankCorrelation.spearman([3, 2, 1], [2, 3, 100]), -1))
    #expect(RankCorrelation.ranks([4, 1, 4, 2]) == [3.5, 1, 3.5, 2])
    #expect(RankCorrelation.spearman([1, 1], [1, 2]).isNaN)
    for value in [Double.nan, .infinity] {
      #expect(RankCorrelation.spearman([1, value, 2], [1, 2, 3]).isNaN)
      #expect(RankCorrelation.spearman([1, 2, 3], [1, 2, value]).isNaN)
    }
  }
}
