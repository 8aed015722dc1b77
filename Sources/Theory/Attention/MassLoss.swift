private import CKernels

/// A loss of logits as a function of the scores, through a head and the attention masses.
///
/// With `g = ∂loss/∂a`, a context's derivatives by its scores are `a_j (g_j − Σ_i a_i g_i)`. The
/// differences are taken to the token r of the largest mass: with `h_j = g_j − g_r` and
/// `t = Σ_{i≠r} a_i h_i` they are `a_j (h_j − t)`, and `−a_r t` for r. So none loses digits when
/// all attention is on one token. Unlike those of the log-loss they are not carried below the range
/// of floating point: where all of them underflow, descent stops.
final class MassLoss<Value: LogitLoss>: ScoreLoss {
  let shares: Block
  private let loss: Value
  private let logits: Logits
  private let contexts: Int
  private let scoreCells: Int
  private let mostTerms: Int
  private let ends: [Int]
  /// Where in the scores each position's token is.
  private let cells: [Int]
  /// By position: ln of the count, a (before: its exponent), and g.
  private let logCounts: Block
  private let masses: Block
  private let slopes: Block
  /// By context: the loss, and a bound of the terms of g where g is a sum.
  private let losses: Block
  private let bounds: Block

  /// - Parameter stride: from one row of scores to the next; ≥ K.
  init(_ loss: Value, _ contexts: Contexts, head: Head, stride: Int) {
    self.loss = loss
    self.contexts = contexts.count
    shares = Block(contexts.shares)
    ends = Array(contexts.starts.dropFirst())
    cells = (0..<contexts.count).flatMap { context in
      contexts.tokens[contexts.starts[context]..<contexts.starts[context + 1]].map {
        contexts.queries[context] * stride + $0
      }
    }
    scoreCells = contexts.lastTokens.count * stride
    logCounts = Block(Kernels.log(contexts.counts.map(Double.init)))
    masses = Block(count: cells.count)
    slopes = Block(count: cells.count)
    losses = Block(count: contexts.count)
    bounds = Block(count: contexts.count)
    logits = Logits(contexts, head: head, masses: masses)
    let busiest = contexts.lastTokens.indices.map { query in
      contexts.queries.reduce(0) { $0 + ($1 == query ? 1 : 0) }
    }
    mostTerms = (busiest.max() ?? 0) + 2 * contexts.vocabulary
  }

  func differentiate(
    scores: UnsafePointer<Double>, into coefficients: UnsafeMutablePointer<Double>
  ) -> Slope {
    updateMasses(scores)
    logits.update()
    loss.differentiate(logits, losses: losses.pointer)
    logits.differentiateMasses(into: slopes, bounds: bounds)
    coefficients.update(repeating: 0, count: scoreCells)
    var (mass, start) = (0.0, 0)
    for context in 0..<contexts {
      mass += accumulate(context, start..<ends[context], into: coefficients)
      start = ends[context]
    }
    return Slope(exponent: 0, mass: mass)
  }

  /// The attention masses, shifted in each context by its largest exponent.
  private func updateMasses(_ scores: UnsafePointer<Double>) {
    let a = masses.pointer
    var start = 0
    for end in ends {
      var highest = -Double.infinity
      for entry in start..<end {
        a[entry] = scores[cells[entry]] + logCounts.pointer[entry]
        highest = max(highest, a[entry])
      }
      for entry in start..<end { a[entry] -= highest }
      start = end
    }
    mk_exp(a, a, masses.count)
    start = 0
    for end in ends {
      var sum = 0.0
      for entry in start..<end { sum += a[entry] }
      for entry in start..<end { a[entry] /= sum }
      start = end
    }
  }

  /// Adds a context's share of `G̃`; returns the mass of its slope.
  private func accumulate(
    _ context: Int, _ range: Range<Int>, into coefficients: UnsafeMutablePointer<Double>
  ) -> Double {
    let (a, g) = (masses.pointer, slopes.pointer)
    var top = range.lowerBound
    for entry in range where a[entry] > a[top] { top = entry }
    var (sum, mass) = (0.0, 0.0)
    for entry in range where entry != top {
      sum += a[entry] * (g[entry] - g[top])
      mass += a[entry] * max(abs(g[entry]) + abs(g[top]), 2 * bounds.pointer[context])
    }
    let share = shares.pointer[context]
    for entry in range where entry != top {
      coefficients[cells[entry]] += share * a[entry] * ((g[entry] - g[top]) - sum)
    }
    coefficients[cells[top]] -= share * a[top] * sum
    return share * mass
  }

  /// The logarithm is missing where the loss is negative.
  func value() -> LossValue {
    let mean = mk_dot(shares.pointer, losses.pointer, contexts)
    return LossValue(value: mean, logarithm: Kernels.log(mean))
  }

  /// Per term: 4 roundings of magnitude `magnitude` in each exponent, the exponential, the sums over
  /// a context, over the vocabulary and over the contexts of a last token, products and quotients.
  func roundings(magnitude: Double) -> Double {
    (16 + Double(mostTerms) + 8 * magnitude) * loss.amplification
  }
}
