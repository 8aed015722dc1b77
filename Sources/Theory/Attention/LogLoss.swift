private import CKernels

/// The log-loss with the tied head: the mean over the sequences of `−ln a_y`.
///
/// For a context with label y, counts m and scores s let `x_j = s_j − s_y + ln(m_j / m_y)` and
/// `r = Σ_{j≠y} e^{x_j}`. Then `a_y = 1/(1 + r)`, the loss is `ln(1 + r)`, and its derivatives by the
/// scores are `p_j = e^{x_j}/(1 + r)` for j ≠ y and `−Σ_{j≠y} p_j` for y: nothing is subtracted
/// from 1, so all are right to a few units of rounding however close `a_y` is to 1
/// (arXiv 2403.08081, section 2, with Assumption 1).
///
/// When all `x_j` are far below 0 their largest, L, is taken out of the exponentials. L is kept from
/// one evaluation to the next until it no longer fits, so that long runs pay nothing for it.
final class LogLoss: ScoreLoss {
  let shares: ContextShares
  private let chunks: ContextChunks
  private let contexts: Int
  private let cells: Int
  private let mostTerms: Int
  /// Of each context, where its entries (tokens other than the label) start; and where they end.
  private let starts: Indices
  /// Where in the scores each entry's token and each context's label are.
  private let tokenCells: Indices
  private let labelCells: Indices
  /// Of each entry, where its context's label is.
  private let entryLabels: Indices
  private let logRatios: Block
  /// Of each context, `r e^−L`, or where `isShifted` with its own σ: `Σ_{j≠y} e^{x_j − σ}`.
  private let ratios: Block
  /// Of each context, its share of `1 − a_y`, times `e^−L`.
  private let rests: Block
  /// Of each context, σ.
  private let shifts: Block
  private let logarithms: Block
  /// L: 0, or below −`reach`, where `1 + r` is 1.
  private var offset = 0.0
  /// Whether some `x_j` is so far above 0 that each context has a shift of its own.
  private var isShifted = false

  /// - Parameter stride: from one row of scores to the next; ≥ K.
  init(_ contexts: Contexts, stride: Int, workers: Workers = .alone) {
    let ratios = contexts.logCountRatios
    var (starts, labels) = ([0], [Int]())
    var (tokens, entryLabels, logRatios) = ([Int](), [Int](), [Double]())
    for context in 0..<contexts.count {
      let (row, label) = (contexts.queries[context] * stride, contexts.labels[context])
      for position in contexts.starts[context]..<contexts.starts[context + 1]
      where contexts.tokens[position] != label {
        tokens.append(row + contexts.tokens[position])
        entryLabels.append(row + label)
        logRatios.append(ratios[position])
      }
      starts.append(tokens.count)
      labels.append(row + label)
    }
    mostTerms = contexts.busiest + (zip(starts.dropFirst(), starts).map { $0 - $1 }.max() ?? 0)
    (self.starts, labelCells, tokenCells) = (Indices(starts), Indices(labels), Indices(tokens))
    (self.entryLabels, self.logRatios) = (Indices(entryLabels), Block(logRatios))
    self.contexts = contexts.count
    shares = ContextShares(contexts)
    chunks = ContextChunks(contexts, shares, stride: stride, workers: workers)
    cells = contexts.lastTokens.count * stride
    self.ratios = Block(count: contexts.count)
    rests = Block(count: contexts.count)
    shifts = Block(count: contexts.count)
    logarithms = Block(count: contexts.count)
  }

  func differentiate(
    scores: UnsafePointer<Double>, into coefficients: UnsafeMutablePointer<Double>
  ) -> Slope {
    isShifted = false
    let mass = accumulate(scores, into: coefficients)
    if mass > Self.smallestMass, mass < Self.largestMass || offset == 0 {
      return Slope(exponent: offset, mass: mass)
    }
    return rescale(scores, into: coefficients)
  }

  /// The scaled mean of `1 − a_y` has to lie between: above leaves room for the squares of the
  /// derivatives, and for terms that are far smaller yet; below keeps `1 + r` at 1 where L ≠ 0.
  private static let smallestMass = 0x1p-400
  private static let largestMass = 0x1p64
  /// L is taken out where it is below this.
  private static let reach = -256.0

  /// Adds up `G̃` and returns the mean of `1 − a_y`, times `e^−L`; NaN after an overflow.
  private func accumulate(
    _ scores: UnsafePointer<Double>, into coefficients: UnsafeMutablePointer<Double>
  ) -> Double {
    chunks.forEach(clearing: coefficients) { range in
      let (start, end) = (starts[range.lowerBound], starts[range.upperBound])
      // A chunk's own: it stays in the cache, where one for all contexts would go through memory.
      withUnsafeTemporaryAllocation(of: Double.self, capacity: max(end - start, 1)) { powers in
        mk_exp_margins(
          powers.baseAddress, scores, tokenCells.pointer + start, entryLabels.pointer + start,
          logRatios.pointer + start, offset, end - start)
        accumulate(range, powers.baseAddress!, into: coefficients)
      }
    }
    return chunks.sum(rests)
  }

  /// Adds what some contexts have in `G̃`.
  /// - Parameter powers: `e^{x_j − L}` of their entries.
  private func accumulate(
    _ range: Range<Int>, _ powers: UnsafePointer<Double>,
    into coefficients: UnsafeMutablePointer<Double>
  ) {
    let (share, sums, first) = (shares.pointer, ratios.pointer, starts[range.lowerBound])
    let (starts, labels) = (starts.pointer, labelCells.pointer)
    let tokens = tokenCells.pointer + first
    let unit = offset == 0 ? 1.0 : 0
    var entry = 0
    for context in range {
      let end = Int(starts[context &+ 1]) &- first
      var ratio = 0.0
      for index in entry..<end { ratio += powers[index] }
      let factor = share[context] / (1 + unit * ratio)
      while entry < end {
        coefficients[Int(tokens[entry])] += factor * powers[entry]
        entry &+= 1
      }
      let rest = factor * ratio
      coefficients[Int(labels[context])] -= rest
      sums[context] = ratio
      rests.pointer[context] = rest
    }
  }
}

/// Outside the range of floating point.
extension LogLoss {
  /// Chooses L anew, for the contexts with a share, and differentiates again.
  private func rescale(
    _ scores: UnsafePointer<Double>, into coefficients: UnsafeMutablePointer<Double>
  ) -> Slope {
    offset = 0
    let top = weighted.reduce(-Double.infinity) { margins(of: $1, scores).reduce($0, max) }
    if top > -Self.reach { return differentiateShifted(scores, into: coefficients) }
    if top < Self.reach, top > -.infinity { offset = top }
    return Slope(exponent: offset, mass: accumulate(scores, into: coefficients))
  }

  /// The contexts with a share: what the others say of the scores of a mini-batch does not matter.
  private var weighted: [Int] { shares.batch ?? Array(0..<contexts) }

  /// `x_j` of each entry of a context.
  private func margins(of context: Int, _ scores: UnsafePointer<Double>) -> [Double] {
    (starts[context]..<starts[context + 1]).map {
      (scores[tokenCells[$0]] - scores[entryLabels[$0]]) + logRatios.pointer[$0]
    }
  }

  /// The derivatives where some `e^{x_j}` may overflow: each context is shifted by its largest.
  private func differentiateShifted(
    _ scores: UnsafePointer<Double>, into coefficients: UnsafeMutablePointer<Double>
  ) -> Slope {
    isShifted = true
    coefficients.update(repeating: 0, count: cells)
    var mass = 0.0
    for context in weighted {
      let margins = margins(of: context, scores)
      let shift = margins.reduce(0.0, max)
      let powers = Kernels.exp(margins.map { $0 - shift })
      let ratio = powers.reduce(0.0, +)
      let factor = shares.pointer[context] / (Kernels.exp(-shift) + ratio)
      for (entry, power) in zip(starts[context]..<starts[context + 1], powers) {
        coefficients[tokenCells[entry]] += factor * power
      }
      coefficients[labelCells[context]] -= factor * ratio
      mass += factor * ratio
      (ratios.pointer[context], shifts.pointer[context]) = (ratio, shift)
    }
    return Slope(exponent: 0, mass: mass)
  }

  func value() -> LossValue {
    if isShifted {
      for context in 0..<contexts {
        let (sum, shift) = (ratios.pointer[context], shifts.pointer[context])
        logarithms.pointer[context] =
          shift == 0
          ? Kernels.logOnePlus(sum) : shift + Kernels.log(Kernels.exp(-shift) + sum)
      }
    } else if offset == 0 {
      Kernels.logOnePlus(ratios, into: logarithms, scratch: shifts)
    } else {
      let logarithm = offset + Kernels.log(shares.mean(of: ratios))
      return LossValue(value: Kernels.exp(logarithm), logarithm: logarithm)
    }
    let mean = shares.mean(of: logarithms)
    return LossValue(value: mean, logarithm: Kernels.log(mean))
  }

  /// Per term: 4 roundings of magnitude `magnitude` in the exponent, the exponential, the sum `r`,
  /// the sum of terms, and a few products and quotients.
  func roundings(magnitude: Double) -> Double { 16 + Double(mostTerms) + 4 * magnitude }
}
