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
  private let contexts: Int
  private let entries: Int
  private let cells: Int
  private let mostTerms: Int
  /// The end in the entries (tokens other than the label) of each context.
  private let ends: [Int32]
  /// Where in the scores each entry's token, each entry's label and each context's label are.
  private let tokenCells: [Int32]
  private let entryLabelCells: [Int32]
  private let labelCells: [Int32]
  private let logRatios: Block
  let shares: Block
  private let exponents: Block
  private let exponentials: Block
  /// Of each context, `r e^−L`, or where `isShifted` with its own σ: `Σ_{j≠y} e^{x_j − σ}`.
  private let ratios: Block
  /// Of each context, σ.
  private let shifts: Block
  private let logarithms: Block
  /// L: 0, or below −`reach`, where `1 + r` is 1.
  private var offset = 0.0
  /// Whether some `x_j` is so far above 0 that each context has a shift of its own.
  private var isShifted = false

  /// - Parameter stride: from one row of scores to the next; ≥ K.
  init(_ contexts: Contexts, stride: Int) {
    self.contexts = contexts.count
    let others = (0..<contexts.count).map { contexts.others(of: $0) }
    let rows = contexts.queries.map { $0 * stride }
    let ratios = contexts.logCountRatios
    ends = others.reduce(into: [Int32]()) { $0.append(($0.last ?? 0) + Int32($1.count)) }
    labelCells = zip(rows, contexts.labels).map { Int32($0 + $1) }
    tokenCells = zip(rows, others).flatMap { row, others in
      others.map { Int32(row + contexts.tokens[$0]) }
    }
    entryLabelCells = zip(labelCells, others).flatMap { cell, others in others.map { _ in cell } }
    logRatios = Block(others.flatMap { $0.map { ratios[$0] } })
    shares = Block(contexts.shares)
    entries = logRatios.count
    cells = contexts.lastTokens.count * stride
    exponents = Block(count: entries)
    exponentials = Block(count: entries)
    self.ratios = Block(count: contexts.count)
    shifts = Block(count: contexts.count)
    logarithms = Block(count: contexts.count)
    let busiest = contexts.lastTokens.indices.map { query in
      contexts.queries.reduce(0) { $0 + ($1 == query ? 1 : 0) }
    }
    mostTerms = (busiest.max() ?? 0) + (others.map(\.count).max() ?? 0)
  }

  func differentiate(
    scores: UnsafePointer<Double>, into coefficients: UnsafeMutablePointer<Double>
  ) -> Slope {
    isShifted = false
    gather(scores)
    mk_exp(exponentials.pointer, exponents.pointer, entries)
    let mass = accumulate(into: coefficients)
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

  /// `x_j − L` of all entries.
  private func gather(_ scores: UnsafePointer<Double>) {
    let (x, ratio, offset) = (exponents.pointer, logRatios.pointer, self.offset)
    tokenCells.withUnsafeBufferPointer { tokens in
      entryLabelCells.withUnsafeBufferPointer { labels in
        for entry in 0..<entries {
          let difference = scores[Int(tokens[entry])] - scores[Int(labels[entry])]
          x[entry] = (difference + ratio[entry]) - offset
        }
      }
    }
  }

  /// Adds up `G̃` from the exponentials and returns the mean of `1 − a_y`, times `e^−L`; NaN after an
  /// overflow.
  private func accumulate(into coefficients: UnsafeMutablePointer<Double>) -> Double {
    let (power, share, sums) = (exponentials.pointer, shares.pointer, ratios.pointer)
    let unit = offset == 0 ? 1.0 : 0
    coefficients.update(repeating: 0, count: cells)
    var mass = 0.0
    var entry = 0
    ends.withUnsafeBufferPointer { ends in
      tokenCells.withUnsafeBufferPointer { tokens in
        labelCells.withUnsafeBufferPointer { labels in
          for context in 0..<contexts {
            let end = Int(ends[context])
            var ratio = 0.0
            for index in entry..<end { ratio += power[index] }
            let factor = share[context] / (1 + unit * ratio)
            while entry < end {
              coefficients[Int(tokens[entry])] += factor * power[entry]
              entry &+= 1
            }
            let rest = factor * ratio
            coefficients[Int(labels[context])] -= rest
            sums[context] = ratio
            mass += rest
          }
        }
      }
    }
    return mass
  }
}

/// Outside the range of floating point.
extension LogLoss {
  /// Chooses L anew and differentiates again.
  private func rescale(
    _ scores: UnsafePointer<Double>, into coefficients: UnsafeMutablePointer<Double>
  ) -> Slope {
    offset = 0
    gather(scores)
    let top = (0..<entries).reduce(-Double.infinity) { max($0, exponents.pointer[$1]) }
    if top > -Self.reach { return differentiateShifted(into: coefficients) }
    if top < Self.reach, top > -.infinity {
      offset = top
      gather(scores)
    }
    mk_exp(exponentials.pointer, exponents.pointer, entries)
    let mass = accumulate(into: coefficients)
    return Slope(exponent: offset, mass: mass)
  }

  /// The derivatives where some `e^{x_j}` may overflow: each context is shifted by its largest.
  private func differentiateShifted(into coefficients: UnsafeMutablePointer<Double>) -> Slope {
    let (x, power) = (exponents.pointer, exponentials.pointer)
    isShifted = true
    coefficients.update(repeating: 0, count: cells)
    var mass = 0.0
    for context in 0..<contexts {
      let range = (context == 0 ? 0 : Int(ends[context - 1]))..<Int(ends[context])
      let shift = range.reduce(0.0) { max($0, x[$1]) }
      for entry in range { x[entry] -= shift }
      mk_exp(power + range.lowerBound, x + range.lowerBound, range.count)
      let ratio = range.reduce(0.0) { $0 + power[$1] }
      let factor = shares.pointer[context] / (Kernels.exp(-shift) + ratio)
      for entry in range { coefficients[Int(tokenCells[entry])] += factor * power[entry] }
      coefficients[Int(labelCells[context])] -= factor * ratio
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
          ? Kernels.logOnePlus([sum])[0] : shift + Kernels.log(Kernels.exp(-shift) + sum)
      }
    } else if offset == 0 {
      Kernels.logOnePlus(ratios, into: logarithms, scratch: shifts)
    } else {
      let logarithm = offset + Kernels.log(mk_dot(shares.pointer, ratios.pointer, contexts))
      return LossValue(value: Kernels.exp(logarithm), logarithm: logarithm)
    }
    let mean = mk_dot(shares.pointer, logarithms.pointer, contexts)
    return LossValue(value: mean, logarithm: Kernels.log(mean))
  }

  /// Per term: 4 roundings of magnitude `magnitude` in the exponent, the exponential, the sum `r`,
  /// the sum of terms, and a few products and quotients.
  func roundings(magnitude: Double) -> Double { 16 + Double(mostTerms) + 4 * magnitude }
}
