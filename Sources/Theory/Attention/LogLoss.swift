private import CKernels

/// The log-loss with the tied head: the mean over the sequences of `−ln a_y`.
///
/// For a context with label y, counts m and scores s let `x_j = s_j − s_y + ln(m_j / m_y)` and
/// `r = Σ_{j≠y} e^{x_j}`. Then `a_y = 1/(1 + r)`, the loss is `ln(1 + r)`, and its derivatives by the
/// scores are `p_j = e^{x_j}/(1 + r)` for j ≠ y and `−Σ_{j≠y} p_j` for y: nothing is subtracted
/// from 1, so all are right to a few units of rounding however close `a_y` is to 1
/// (arXiv 2403.08081, section 2, with Assumption 1).
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
  private let shares: Block
  private let exponents: Block
  private let exponentials: Block
  /// Of each context, `r`, or with shift σ: `Σ_{j≠y} e^{x_j − σ}`.
  private let ratios: Block
  /// Of each context, σ, where the last evaluation was `shifted`.
  private let shifts: Block
  private var state = State.direct

  /// In which range the last evaluation was.
  private enum State {
    /// Everything is within the range of floating point.
    case direct
    /// Every `x_j` is far below 0; all ratios are scaled by `e^−L`.
    case small(exponent: Double)
    /// Some `x_j` is far above 0; each context has its own shift.
    case shifted
  }

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
    let busiest = contexts.lastTokens.indices.map { query in
      contexts.queries.reduce(0) { $0 + ($1 == query ? 1 : 0) }
    }
    mostTerms = (busiest.max() ?? 0) + (others.map(\.count).max() ?? 0)
  }

  func differentiate(
    scores: UnsafePointer<Double>, into coefficients: UnsafeMutablePointer<Double>
  ) -> Slope {
    let (x, ratio) = (exponents.pointer, logRatios.pointer)
    tokenCells.withUnsafeBufferPointer { tokens in
      entryLabelCells.withUnsafeBufferPointer { labels in
        for entry in 0..<entries {
          x[entry] =
            (scores[Int(tokens[entry])] - scores[Int(labels[entry])]) + ratio[entry]
        }
      }
    }
    mk_exp(exponentials.pointer, x, entries)
    let mass = accumulate(into: coefficients)
    state = .direct
    if mass > Self.smallestMass { return Slope(exponent: 0, mass: mass) }
    return differentiateScaled(into: coefficients)
  }

  /// Below this mean of `1 − a_y` the derivatives are scaled; it leaves room for their squares, and
  /// for terms that are far smaller yet.
  private static let smallestMass = 0x1p-400

  /// Adds up `G` from the exponentials and returns the mean of `1 − a_y`; NaN after an overflow.
  private func accumulate(into coefficients: UnsafeMutablePointer<Double>) -> Double {
    let (power, share, sums) = (exponentials.pointer, shares.pointer, ratios.pointer)
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
            let factor = share[context] / (1 + ratio)
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
  /// The derivatives where `e^{x_j}` is out of range, from the exponents x that were just computed.
  private func differentiateScaled(into coefficients: UnsafeMutablePointer<Double>) -> Slope {
    coefficients.update(repeating: 0, count: cells)
    let top = (0..<entries).reduce(-Double.infinity) { max($0, exponents.pointer[$1]) }
    guard top > -.infinity else { return Slope(exponent: 0, mass: 0) }
    let exponent = min(top, 0)
    state = top < 0 ? .small(exponent: exponent) : .shifted
    var mass = 0.0
    for context in 0..<contexts {
      let range = (context == 0 ? 0 : Int(ends[context - 1]))..<Int(ends[context])
      let highest = range.reduce(0.0) { max($0, exponents.pointer[$1]) }
      let shift = top < 0 ? exponent : highest
      for entry in range { exponents.pointer[entry] -= shift }
      mk_exp(
        exponentials.pointer + range.lowerBound, exponents.pointer + range.lowerBound, range.count)
      let ratio = range.reduce(0.0) { $0 + exponentials.pointer[$1] }
      let factor = shares.pointer[context] / (top < 0 ? 1 : Kernels.exp(-shift) + ratio)
      for entry in range {
        coefficients[Int(tokenCells[entry])] += factor * exponentials.pointer[entry]
      }
      coefficients[Int(labelCells[context])] -= factor * ratio
      mass += factor * ratio
      (ratios.pointer[context], shifts.pointer[context]) = (ratio, shift)
    }
    return Slope(exponent: exponent, mass: mass)
  }

  func value() -> LossValue {
    let sums = (0..<contexts).map { ratios.pointer[$0] }
    let share = (0..<contexts).map { shares.pointer[$0] }
    switch state {
    case .direct:
      let mean = Kernels.dot(share, Kernels.logOnePlus(sums))
      return LossValue(value: mean, logarithm: Kernels.log(mean))
    case .small(let exponent):
      let logarithm = exponent + Kernels.log(Kernels.dot(share, sums))
      return LossValue(value: Kernels.exp(logarithm), logarithm: logarithm)
    case .shifted:
      let losses = (0..<contexts).map { context -> Double in
        let shift = shifts.pointer[context]
        if shift == 0 { return Kernels.logOnePlus([sums[context]])[0] }
        return shift + Kernels.log(Kernels.exp(-shift) + sums[context])
      }
      let mean = Kernels.dot(share, losses)
      return LossValue(value: mean, logarithm: Kernels.log(mean))
    }
  }

  /// Per term: 4 roundings of magnitude `magnitude` in the exponent, the exponential, the sum `r`,
  /// the sum of terms, and a few products and quotients.
  func roundings(magnitude: Double) -> Double { 16 + Double(mostTerms) + 4 * magnitude }
}
