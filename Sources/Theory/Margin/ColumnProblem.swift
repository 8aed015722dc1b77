private import CKernels

/// The Graph-SVM of one last token while the multipliers of all others stand still:
/// `min ½ λᵀ G λ − hᵀ λ` over λ ≥ 0 (any sign on equalities), G the m × m Gram matrix of its rows.
///
/// It is a Graph-SVM in d variables with bounds `h`. Solved by a dual active set like
/// `DualActiveSet`, but from where the last solution was: first *settle* on the active rows (move
/// towards their solution, dropping the row whose multiplier vanishes first, until none does), then
/// add violated rows one by one. Every step lowers the objective.
final class ColumnProblem {
  /// The rows' numbers in the whole problem.
  let rows: Range<Int>
  /// Active rows, counted from `rows.lowerBound`, in the factor's order; linearly independent.
  private(set) var active: [Int] = []
  /// λ of every row, 0 where it is not active.
  private(set) var multipliers: [Double]
  private(set) var factor = PackedCholesky()
  private(set) var pivots = 0
  private let gram: [Double]
  private let isStrict: [Bool]
  private var isActive: [Bool]
  private var slack: [Double]

  /// Squared sine to the active rows' span below which a row counts as dependent, relative to the
  /// squared size of the coefficients. A wrong verdict costs time only: the caller starts again
  /// with `DualActiveSet`.
  private static let independence = 1e-13

  init(_ whole: ConstraintGram, rows: Range<Int>) {
    let m = rows.count
    self.rows = rows
    multipliers = .init(repeating: 0, count: m)
    slack = multipliers
    isActive = .init(repeating: false, count: m)
    isStrict = rows.map { whole.constraints[$0].relation == .strict }
    gram = whole.products(among: rows)
    for row in 0..<m where !isStrict[row] && gram[row * m + row] > 0 {
      let direction = direction(to: row)
      if direction.square > 0 { enter(row, direction) }
    }
  }

  /// Minimises for new bounds; a row violated by less than its tolerance counts as satisfied.
  ///
  /// Returns false where no solution was found (no `W` satisfies the column, as far as one can tell
  /// from here).
  func solve(bounds: [Double], tolerances: [Double]) -> Bool {
    settle(bounds)
    for _ in 0..<10 * rows.count + 10 {
      guard let violated = mostViolated(bounds, tolerances) else { return true }
      guard satisfy(violated) else { return false }
    }
    return false
  }

  /// Takes over multipliers that are not negative on strict rows; rows with 0 leave.
  func replace(_ values: ArraySlice<Double>) {
    for index in active.indices.reversed() {
      let row = active[index]
      multipliers[row] = values[values.startIndex + index]
      if isStrict[row], multipliers[row] <= 0 { leave(index) }
    }
  }

  /// Solves `G_AA x = b` in place.
  func precondition(_ x: inout [Double]) {
    factor.solveLower(&x)
    factor.solveUpper(&x)
  }

  /// Adds `Σ λ_r u_r`, of length d.
  func addTo(_ sum: inout [Double], _ whole: ConstraintGram) {
    let d = sum.count
    whole.differences.withUnsafeBufferPointer { u in
      for row in active {
        mk_axpy(&sum, multipliers[row], u.baseAddress! + (rows.lowerBound + row) * d, d)
      }
    }
  }

  private func settle(_ bounds: [Double]) {
    while !active.isEmpty {
      var target = active.map { bounds[$0] }
      precondition(&target)
      var (step, blocking) = (1.0, Int?.none)
      for (index, row) in active.enumerated() where isStrict[row] && target[index] <= 0 {
        let ratio = multipliers[row] / (multipliers[row] - target[index])
        if blocking == nil || ratio < step { (step, blocking) = (min(ratio, 1), index) }
      }
      for (index, row) in active.enumerated() {
        multipliers[row] += step * (target[index] - multipliers[row])
      }
      guard let blocking else { return }
      leave(blocking)
    }
  }

  private func mostViolated(_ bounds: [Double], _ tolerances: [Double]) -> Int? {
    let m = rows.count
    for row in 0..<m { slack[row] = -bounds[row] }
    gram.withUnsafeBufferPointer { gram in
      for row in active {
        mk_axpy(&slack, multipliers[row], gram.baseAddress! + row * m, m)
      }
    }
    var (result, worst) = (Int?.none, 0.0)
    for row in 0..<m where slack[row] < worst && !isActive[row] && isStrict[row] {
      if slack[row] < -tolerances[row] { (result, worst) = (row, slack[row]) }
    }
    return result
  }

  /// Makes a violated row active; false: it contradicts the active ones.
  private func satisfy(_ violated: Int) -> Bool {
    var violation = slack[violated]
    while true {
      let direction = direction(to: violated)
      var (step, blocking) = (Double.infinity, Int?.none)
      for (index, row) in active.enumerated()
      where isStrict[row] && direction.coefficients[index] > 1e-12 {
        let ratio = multipliers[row] / direction.coefficients[index]
        if ratio < step { (step, blocking) = (ratio, index) }
      }
      let full = direction.square > 0 ? -violation / direction.square : .infinity
      if full == .infinity, blocking == nil { return false }
      let length = min(step, full)
      for (index, row) in active.enumerated() {
        multipliers[row] -= length * direction.coefficients[index]
      }
      multipliers[violated] += length
      if let blocking, step <= full {
        violation += length * direction.square
        leave(blocking)
      } else {
        enter(violated, direction)
        return true
      }
    }
  }

  private struct Direction {
    var projections: [Double]
    var coefficients: [Double]
    /// Squared length of the part outside the active rows' span; 0: dependent.
    var square: Double
  }

  private func direction(to row: Int) -> Direction {
    let m = rows.count
    var projections = active.map { gram[row * m + $0] }
    factor.solveLower(&projections)
    var coefficients = projections
    factor.solveUpper(&coefficients)
    let square = 1 - Kernels.dot(projections, projections)
    let size = coefficients.reduce(1) { $0 + abs($1) }
    return Direction(
      projections: projections, coefficients: coefficients,
      square: square > Self.independence * size * size ? square : 0)
  }

  private func enter(_ row: Int, _ direction: Direction) {
    factor.append(direction.projections, pivot: direction.square.squareRoot())
    active.append(row)
    isActive[row] = true
    pivots += 1
  }

  private func leave(_ index: Int) {
    factor.remove(index)
    isActive[active[index]] = false
    multipliers[active[index]] = 0
    active.remove(at: index)
    pivots += 1
  }
}
