private import CKernels

/// Minimises `½ λᵀ G λ − hᵀ λ` over λ ≥ 0 (any sign on equalities) for a few rows: those of one last
/// token, or of a small problem.
///
/// A dual active set like `DualActiveSet`, but warm: a new `h` first *settles* the active rows (moves
/// towards their solution, dropping the row whose multiplier vanishes first, until none does), then
/// adds violated rows one by one. Every step lowers the objective.
///
/// It keeps `H = G_AA⁻¹` itself: a row that enters or leaves changes it by a rank-one matrix, and
/// each step is a handful of long vector operations. An inverse loses more digits than a factor;
/// answers are therefore refined, and judged by their certificate alone. All rows are priced at once
/// and the violated ones worked off from the worst, each if it still is violated then: a seventh of
/// the work of pricing after every step.
final class DenseActiveSet {
  /// The rows' numbers in the whole problem.
  let rows: Range<Int>
  /// How many rows are active.
  private(set) var order = 0
  private(set) var pivots = 0
  private(set) var flops = 0
  /// The active rows, counted from `rows.lowerBound`, in no particular order.
  let active: UnsafeMutablePointer<Int>
  /// λ of the active rows.
  let multipliers: UnsafeMutablePointer<Double>
  private let whole: ConstraintGram
  private let size: Int
  /// The most rows that can be independent.
  private let capacity: Int
  /// G, where it is small enough to write out; else nil.
  private let gram: UnsafeMutablePointer<Double>?
  /// The active rows of `gram`, one after the other, so that one matrix product prices all rows.
  private let lines: UnsafeMutablePointer<Double>
  /// H, rows `stride` apart.
  private let inverse: UnsafeMutablePointer<Double>
  private let stride: Int
  /// Whether each row is an inequality that is not active.
  private let isWaiting: UnsafeMutablePointer<Bool>
  private let isStrict: UnsafeMutablePointer<Bool>
  private let slack: UnsafeMutablePointer<Double>
  private let coefficients: UnsafeMutablePointer<Double>
  /// `G_{A,p}` of the row looked at last, kept up while rows leave on its behalf.
  private let products: UnsafeMutablePointer<Double>
  private let scratch: UnsafeMutablePointer<Double>
  /// The rows that were violated at the last pricing, worst first.
  private let violated: UnsafeMutablePointer<Int>
  private var violations = 0
  /// The share of the worst violation from which on a row is worked off without pricing anew.
  private let eagerness: Double

  /// Squared sine to the active rows' span below which a row counts as dependent, relative to the
  /// squared size of the coefficients. A wrong verdict costs time only: the caller starts again
  /// with `DualActiveSet`.
  private static let independence = 1e-13
  /// The most rows whose Gram matrix is written out.
  private static let written = 64

  /// Takes memory for the problem; `prepare` begins it.
  init(_ whole: ConstraintGram, rows: Range<Int>, rank: Int, eagerness: Double) {
    self.eagerness = eagerness
    (self.whole, self.rows) = (whole, rows)
    size = rows.count
    capacity = min(size, rank)
    stride = Self.stride(capacity)
    let arena = whole.arena
    inverse = arena.array(capacity * stride)
    multipliers = arena.array(capacity)
    coefficients = arena.array(capacity)
    products = arena.array(capacity + 1)
    scratch = arena.array(capacity)
    slack = arena.array(size)
    active = arena.array(capacity)
    violated = arena.array(size)
    isStrict = whole.isStrict + rows.lowerBound
    isWaiting = arena.array(size)
    isWaiting.initialize(from: isStrict, count: size)
    gram = size <= Self.written ? arena.array(size * size) : nil
    lines = arena.array(gram == nil ? 0 : capacity * size)
  }

  /// Writes G and makes equalities active; to be called once, before all else. Several problems of
  /// one whole may do so at a time.
  func prepare() {
    if let gram { whole.products(among: rows, into: gram) }
    for row in 0..<size where !isStrict[row] && whole.scales[rows.lowerBound + row] > 0 {
      guard order < capacity else { break }
      multiply(by: row)
      let square = direction(multiplier: 0).square
      if square > 0 { enter(row, square: square, multiplier: 0) }
    }
  }

  /// The distance of rows of at least so many numbers: whole cache lines, so that no vector of a row
  /// straddles two, and an odd number of them, so that a column's lines spread over all cache sets.
  private static func stride(_ capacity: Int) -> Int { ((capacity + 7) / 8 | 1) * 8 }

  /// Minimises for new bounds; a row violated by less than its tolerance counts as satisfied.
  ///
  /// Returns false where no solution was found (no `W` satisfies the rows, as far as one can tell
  /// from here).
  func solve(
    bounds: UnsafePointer<Double>, tolerances: UnsafePointer<Double>
  ) -> Bool {
    settle(bounds)
    var isRefined = false
    for _ in 0..<size + 10 {
      price(bounds, tolerances)
      if violations == 0 {
        if isRefined || order == 0 { return true }
        refine()
        isRefined = true
      }
      for index in 0..<violations where isWaiting[violated[index]] {
        let row = violated[index]
        guard satisfy(row, bound: bounds[row], tolerance: tolerances[row]) else { return false }
        isRefined = false
      }
    }
    return false
  }

  /// Takes over multipliers, in the order of `active`, not negative on strict rows; a strict row
  /// with 0 leaves.
  func replace(_ values: UnsafePointer<Double>) {
    multipliers.update(from: values, count: order)
    for index in (0..<order).reversed()
    where multipliers[index] <= 0 && isStrict[active[index]] {
      leave(index)
    }
  }

  /// `result = H x`, the solution of `G_AA result = x`.
  func solve(_ x: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>) {
    mk_row(order, order, x, inverse, stride, result)
    flops += 2 * order * order
  }

  /// H, as long as no row enters or leaves.
  struct Inverse {
    let order: Int
    fileprivate let rows: UnsafePointer<Double>
    fileprivate let stride: Int

    /// `result = H x`.
    func multiply(_ x: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>) {
      mk_row(order, order, x, rows, stride, result)
    }
  }

  var currentInverse: Inverse { Inverse(order: order, rows: inverse, stride: stride) }

  private func settle(_ bounds: UnsafePointer<Double>) {
    while order > 0 {
      for index in 0..<order { scratch[index] = bounds[active[index]] }
      solve(scratch, into: coefficients)
      var (step, blocking) = (1.0, -1)
      for index in 0..<order where coefficients[index] <= 0 && isStrict[active[index]] {
        let ratio = multipliers[index] / (multipliers[index] - coefficients[index])
        if blocking < 0 || ratio < step { (step, blocking) = (min(ratio, 1), index) }
      }
      for index in 0..<order {
        multipliers[index] += step * (coefficients[index] - multipliers[index])
      }
      guard blocking >= 0 else { return }
      leave(blocking)
    }
  }

  /// Computes every row's slack from the multipliers, and which are violated, worst first.
  private func price(_ bounds: UnsafePointer<Double>, _ tolerances: UnsafePointer<Double>) {
    if gram != nil {
      mk_row(size, order, multipliers, lines, size, slack)
    } else {
      whole.margins(of: rows, active, multipliers, count: order, into: slack)
    }
    violations = 0
    let (slack, isWaiting) = (slack, isWaiting)
    var worst = 0.0
    for row in 0..<size {
      let value = slack[row] - bounds[row]
      slack[row] = value
      if value < worst, isWaiting[row], value < -tolerances[row] { worst = value }
    }
    guard worst < 0 else { return }
    for row in 0..<size where slack[row] <= eagerness * worst {
      if isWaiting[row], slack[row] < -tolerances[row] { insert(row) }
    }
  }

  /// Puts a row into its place among the violated ones, behind its equals.
  private func insert(_ row: Int) {
    var place = violations
    while place > 0, slack[row] < slack[violated[place - 1]] {
      violated[place] = violated[place - 1]
      place -= 1
    }
    violated[place] = row
    violations += 1
  }

  /// Corrects the multipliers by what `slack` shows on active rows.
  private func refine() {
    for index in 0..<order { scratch[index] = slack[active[index]] }
    solve(scratch, into: coefficients)
    for index in 0..<order {
      let corrected = multipliers[index] - coefficients[index]
      multipliers[index] = isStrict[active[index]] ? max(0, corrected) : corrected
    }
  }

  /// Makes a row active if it is violated; false: it contradicts the active ones.
  private func satisfy(_ row: Int, bound: Double, tolerance: Double) -> Bool {
    multiply(by: row)
    var multiplier = 0.0
    while true {
      let (square, margin) = direction(multiplier: multiplier)
      let violation = bound - margin
      if multiplier == 0, violation <= tolerance { return true }
      let (step, blocking) = longestStep()
      let full = square > 0 ? max(0, violation) / square : .infinity
      if full == .infinity, blocking < 0 { return false }
      let length = min(step, full)
      for index in 0..<order { multipliers[index] -= length * coefficients[index] }
      multiplier += length
      if step <= full {
        leave(blocking)
        products[blocking] = products[order]
      } else {
        guard order < capacity else { return false }
        enter(row, square: square, multiplier: multiplier)
        return true
      }
    }
  }

  /// How far the active multipliers can go against `coefficients`, and which of them vanishes there.
  private func longestStep() -> (Double, Int) {
    let (coefficients, multipliers, ratios) = (coefficients, multipliers, scratch)
    // Every second coefficient is negative, at random: to divide by all is faster than to branch.
    for index in 0..<order {
      let ratio = multipliers[index] / coefficients[index]
      ratios[index] = coefficients[index] > 1e-12 ? ratio : .infinity
    }
    var (step, blocking) = (Double.infinity, -1)
    for index in 0..<order where ratios[index] < step && isStrict[active[index]] {
      (step, blocking) = (ratios[index], index)
    }
    return (step, blocking)
  }

  /// Writes a row's products with the active rows.
  private func multiply(by row: Int) {
    if let gram {
      let (line, products, active) = (gram + row * size, products, active)
      for index in 0..<order { products[index] = line[active[index]] }
    } else {
      whole.products(of: row, with: active, count: order, after: rows.lowerBound, into: products)
    }
  }

  /// Writes the coefficients that express the projection of a row, given by its `products`, on the
  /// active rows; returns the rest's squared length, 0: dependent, and the row's margin if it has a
  /// multiplier.
  ///
  /// One pass makes the three sums: each waits for its last addition, so two are for nothing.
  private func direction(multiplier: Double) -> (square: Double, margin: Double) {
    solve(products, into: coefficients)
    flops += 2 * order * whole.dimension
    let (products, coefficients, multipliers) = (products, coefficients, multipliers)
    var (square, sum, margin) = (1.0, 1.0, multiplier)
    for index in 0..<order {
      square -= products[index] * coefficients[index]
      sum += abs(coefficients[index])
      margin += products[index] * multipliers[index]
    }
    return (square > Self.independence * sum * sum ? square : 0, margin)
  }

  /// Makes a row active whose direction was just computed.
  private func enter(_ row: Int, square: Double, multiplier: Double) {
    let n = order
    let (border, share, coefficients) = (inverse + n * stride, scratch, coefficients)
    var column = inverse + n
    for index in 0..<n {
      share[index] = coefficients[index] / square
      border[index] = -share[index]
      column.pointee = -share[index]
      column += stride
    }
    column.pointee = 1 / square
    mk_outer(n, n, share, coefficients, inverse, stride)
    if let gram { (lines + n * size).update(from: gram + row * size, count: size) }
    active[n] = row
    multipliers[n] = multiplier
    isWaiting[row] = false
    order += 1
    pivots += 1
    flops += 2 * n * n
  }

  /// Takes an active row out; the last one takes its place.
  private func leave(_ index: Int) {
    let n = order - 1
    isWaiting[active[index]] = isStrict[active[index]]
    order = n
    pivots += 1
    flops += 2 * n * n
    if index < n {
      if gram != nil { (lines + index * size).update(from: lines + n * size, count: size) }
      active[index] = active[n]
      multipliers[index] = multipliers[n]
      for column in 0...n {
        let (above, below) = (index * stride + column, n * stride + column)
        (inverse[above], inverse[below]) = (inverse[below], inverse[above])
      }
      for row in 0...n {
        let start = row * stride
        (inverse[start + index], inverse[start + n]) = (inverse[start + n], inverse[start + index])
      }
    }
    let last = inverse + n * stride
    for column in 0..<n { scratch[column] = -last[column] / last[n] }
    mk_outer(n, n, scratch, last, inverse, stride)
  }
}
