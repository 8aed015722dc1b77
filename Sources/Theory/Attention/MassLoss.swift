private import CKernels

/// A loss of logits as a function of the scores, through a head and the attention masses.
///
/// With `g = ∂loss/∂a`, a context's derivatives by its scores are `a_j (g_j − Σ_i a_i g_i)`. The
/// differences are taken to the token r of the largest mass: with `h_j = g_j − g_r` and
/// `t = Σ_{i≠r} a_i h_i` they are `a_j (h_j − t)`, and `−a_r t` for r. So none loses digits when
/// all attention is on one token. Unlike those of the log-loss they are not carried below the range
/// of floating point: where all of them underflow, descent stops.
final class MassLoss<Value: LogitLoss>: ScoreLoss {
  let shares: ContextShares
  private let chunks: ContextChunks
  private let loss: Value
  private let logits: Logits
  private let mostTerms: Int
  /// Where the positions of each context start.
  private let starts: Indices
  /// Where in the scores each position's token is.
  private let cells: Indices
  /// By position: ln of the count, a (before: its exponent), and g.
  private let logCounts: Block
  private let masses: Block
  private let slopes: Block
  /// By context: the position of the largest mass, what it adds to the slope's mass, the loss, and a
  /// bound of the terms of g where g is a sum.
  private let tops: Indices
  private let parts: Block
  private let losses: Block
  private let bounds: Block

  /// - Parameter stride: from one row of scores to the next; ≥ K.
  init(
    _ loss: Value, _ contexts: Contexts, head: Head, stride: Int, workers: Workers = .alone
  ) {
    self.loss = loss
    shares = ContextShares(contexts)
    chunks = ContextChunks(contexts, shares, stride: stride, workers: workers)
    starts = Indices(contexts.starts)
    cells = Indices(
      (0..<contexts.count).flatMap { context in
        contexts.tokens[contexts.starts[context]..<contexts.starts[context + 1]].map {
          contexts.queries[context] * stride + $0
        }
      })
    logCounts = Block(Kernels.log(contexts.counts.map(Double.init)))
    masses = Block(count: cells.count)
    slopes = Block(count: cells.count)
    tops = Indices(Array(contexts.starts.dropLast()))
    parts = Block(count: contexts.count)
    losses = Block(count: contexts.count)
    bounds = Block(count: contexts.count)
    logits = Logits(contexts, head: head, masses: masses)
    mostTerms = contexts.busiest + 2 * contexts.vocabulary
  }

  func differentiate(
    scores: UnsafePointer<Double>, into coefficients: UnsafeMutablePointer<Double>
  ) -> Slope {
    chunks.forEach(clearing: coefficients) { range in
      updateMasses(scores, range)
      logits.update(range)
      loss.differentiate(logits, range)
      logits.differentiateMasses(range, into: slopes, bounds: bounds)
      for context in range { accumulate(context, into: coefficients) }
    }
    return Slope(exponent: 0, mass: chunks.sum(parts))
  }

  /// The attention masses of some contexts, shifted in each by its largest exponent.
  private func updateMasses(_ scores: UnsafePointer<Double>, _ range: Range<Int>) {
    let (a, cells, logCounts) = (masses.pointer, cells.pointer, logCounts.pointer)
    for context in range {
      let positions = starts[context]..<starts[context + 1]
      var highest = -Double.infinity
      for entry in positions {
        a[entry] = scores[Int(cells[entry])] + logCounts[entry]
        highest = max(highest, a[entry])
      }
      for entry in positions { a[entry] -= highest }
    }
    let (start, end) = (starts[range.lowerBound], starts[range.upperBound])
    mk_exp(a + start, a + start, end - start)
    for context in range {
      let positions = starts[context]..<starts[context + 1]
      var (sum, top) = (0.0, positions.lowerBound)
      for entry in positions { sum += a[entry] }
      for entry in positions {
        a[entry] /= sum
        if a[entry] > a[top] { top = entry }
      }
      tops.pointer[context] = Int32(top)
    }
  }

  /// Adds a context's share of `G̃`.
  private func accumulate(_ context: Int, into coefficients: UnsafeMutablePointer<Double>) {
    let (a, g, cells) = (masses.pointer, slopes.pointer, cells.pointer)
    let positions = starts[context]..<starts[context + 1]
    let (top, bound) = (tops[context], 2 * bounds.pointer[context])
    let (greatest, size) = (g[top], abs(g[top]))
    var (sum, mass) = (0.0, 0.0)
    for entry in positions where entry != top {
      sum += a[entry] * (g[entry] - greatest)
      mass += a[entry] * max(abs(g[entry]) + size, bound)
    }
    let share = shares.pointer[context]
    for entry in positions where entry != top {
      coefficients[Int(cells[entry])] += share * a[entry] * ((g[entry] - greatest) - sum)
    }
    coefficients[Int(cells[top])] -= share * a[top] * sum
    parts.pointer[context] = share * mass
  }

  /// The logarithm is missing where the loss is negative.
  func value() -> LossValue {
    loss.evaluate(logits, into: losses.pointer)
    let mean = shares.mean(of: losses)
    return LossValue(value: mean, logarithm: Kernels.log(mean))
  }

  /// Per term: 4 roundings of magnitude `magnitude` in each exponent, the exponential, the sums over
  /// a context, over the vocabulary and over the contexts of a last token, products and quotients.
  func roundings(magnitude: Double) -> Double {
    (16 + Double(mostTerms) + 8 * magnitude) * loss.amplification
  }
}
