/// What the theory of *Scan and Snap* speaks of, measured on the recorded `Z` of a run.
///
/// The attention on token l in long sequences of class n is `c_{l|n} ∝ P(l|n) exp(Z_{m,l})`, m being
/// the class's last token (arXiv 2305.16380, section 3). Numbers that do not exist are NaN.
package struct ScanSnapMeasures: Sendable {
  private let classes: SequenceClasses
  private let trajectory: ScanSnapTrajectory
  private let probabilities: [Double]

  package init(_ classes: SequenceClasses, _ trajectory: ScanSnapTrajectory) {
    precondition(classes.vocabulary == trajectory.vocabulary, "one vocabulary")
    (self.classes, self.trajectory) = (classes, trajectory)
    probabilities = classes.probabilities
  }

  /// `Z_{m,l}` of the context tokens of class n at a record, common ones first.
  func scores(of n: Int, at record: Int) -> [Double] {
    let row = trajectory.scores(record, query: classes.query(of: n))
    return classes.tokens(of: n).map { row[row.startIndex + $0] }
  }

  /// `c_{l|n}` of the context tokens of class n, common ones first; it sums to 1.
  package func attention(of n: Int, at record: Int) -> [Double] {
    attention(of: n, among: 0..<classes.contextTokens, at: record)
  }

  /// The attention of class n if it had no other context tokens than these.
  private func attention(of n: Int, among places: Range<Int>, at record: Int) -> [Double] {
    let scores = scores(of: n, at: record)[places]
    let greatest = scores.max()!
    let powers = Kernels.exp(scores.map { $0 - greatest })
    let weights = zip(probabilities[places], powers).map { $0 * $1 }
    let total = Kernels.sum(weights)
    return weights.map { $0 / total }
  }

  /// The entropy of attention among the distinct tokens of a class, in nats, mean over the classes:
  /// the measure of figure 6.
  package func distinctEntropy(at record: Int) -> Double {
    meanOverClasses { n in
      distinctShares(of: n, at: record).reduce(0) { $0 - ($1 == 0 ? 0 : $1 * Kernels.log($1)) }
    }
  }

  /// `c_{l|n}` renormalised over the distinct tokens of class n: also where, beside that on common
  /// tokens, nothing is left of it in floating point.
  private func distinctShares(of n: Int, at record: Int) -> [Double] {
    let distinct = Array(attention(of: n, at: record)[classes.common...])
    let total = Kernels.sum(distinct)
    if total < 0x1p-900 {
      return attention(of: n, among: classes.common..<classes.contextTokens, at: record)
    }
    return distinct.map { $0 / total }
  }

  /// The attention on all common tokens, mean over the classes.
  package func commonAttention(at record: Int) -> Double {
    meanOverClasses { commonAttention(of: $0, at: record) }
  }

  /// The attention on common tokens divided by that at the start, of the class where most is left.
  package func commonLeft(at record: Int) -> Double {
    guard classes.common > 0 else { return .nan }
    return (0..<classes.count).map {
      commonAttention(of: $0, at: record) / commonAttention(of: $0, at: 0)
    }.reduce(0, Kernels.maximum)
  }

  private func commonAttention(of n: Int, at record: Int) -> Double {
    Kernels.sum(Array(attention(of: n, at: record)[..<classes.common]))
  }

  /// The attention on the distinct token of a class at this place in the order of weights, mean over
  /// the classes; the first is the rarest.
  package func distinctAttention(_ place: Int, at record: Int) -> Double {
    meanOverClasses { attention(of: $0, at: record)[classes.common + place] }
  }

  /// `ln(c_{l|n}(τ) / c_{l|n}(0))`, the relative gain, mean over the tokens and classes.
  package func commonGain(at record: Int) -> Double { gain(0..<classes.common, record) }
  package func distinctGain(at record: Int) -> Double {
    gain(classes.common..<classes.contextTokens, record)
  }

  private func gain(_ places: Range<Int>, _ record: Int) -> Double {
    guard !places.isEmpty else { return .nan }
    return meanOverClasses { n in
      let (now, start) = (attention(of: n, at: record), attention(of: n, at: 0))
      let gains = Kernels.log(places.map { now[$0] / start[$0] })
      return Kernels.sum(gains) / Double(places.count)
    }
  }

  /// Mean `Z` of the distinct tokens less that of the common ones, mean over the classes.
  package func advantage(at record: Int) -> Double {
    guard classes.common > 0 else { return .nan }
    return meanOverClasses { n in
      let scores = scores(of: n, at: record)
      return Kernels.sum(Array(scores[classes.common...])) / Double(classes.distinct)
        - Kernels.sum(Array(scores[..<classes.common])) / Double(classes.common)
    }
  }

  /// Spearman's correlation of `Z` with frequency over the distinct tokens of a class, mean over the
  /// classes; NaN where all their `Z` or all their frequencies are equal.
  package func frequencyOrder(at record: Int) -> Double {
    meanOverClasses { n in
      RankCorrelation.spearman(
        Array(scores(of: n, at: record)[classes.common...]),
        Array(probabilities[classes.common...]))
    }
  }

  /// The largest change of the sum of a row of `Z` since the start, which the softmax conserves.
  package func rowDrift(at record: Int) -> Double {
    (0..<classes.lastTokens).map { query in
      let now = Kernels.sum(Array(trajectory.scores(record, query: query)))
      let start = Kernels.sum(Array(trajectory.scores(0, query: query)))
      return abs(now - start)
    }.reduce(0, Kernels.maximum)
  }

  /// The largest change of `Z` by one step in the last two fifths of the run, divided by the largest
  /// of all; NaN where nothing changed.
  package var lateMotion: Double {
    let last = trajectory.iterations.last ?? 0
    var (late, peak) = (0.0, 0.0)
    for (iteration, step) in zip(trajectory.iterations, trajectory.largestSteps) {
      peak = Kernels.maximum(peak, step)
      if 5 * iteration > 3 * last { late = Kernels.maximum(late, step) }
    }
    return late / peak
  }

  private func meanOverClasses(_ value: (Int) -> Double) -> Double {
    Kernels.sum((0..<classes.count).map(value)) / Double(classes.count)
  }
}
