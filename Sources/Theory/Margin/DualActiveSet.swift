/// The dual active-set method of Goldfarb and Idnani (1983, doi:10.1007/BF02591962) for
/// `min ½‖W‖²` under rows `⟨a_r, W⟩ ≥ b_r` or `= b_r`: directions by inner products of the rows,
/// lengths and margins by the d × d matrices themselves, which inner products know to half the
/// digits only.
///
/// *Invariant*: `W = Σ λ_r a_r` is the optimum of the problem restricted to the active rows, which
/// are linearly independent; active inequalities have λ ≥ 0. So ‖W‖ is a lower bound of the optimum,
/// and it is the optimum once no row is violated. Each full step raises ‖W‖, hence no set comes
/// twice and the method ends: with the optimum, or with a violated row whose gradient is a
/// combination of active ones which no multiplier blocks; that combination is a Farkas vector.
final class DualActiveSet {
  enum Outcome {
    case optimal
    /// A combination of rows that vanishes while its right-hand sides add up to more than 0.
    case infeasible(rows: [Int], multipliers: [Double])
    /// The limit of pivots was reached.
    case stopped
  }

  let gram: ConstraintGram
  /// Rows that hold with equality, in the factor's order.
  private(set) var active: [Int] = []
  /// λ of the active rows.
  private(set) var multipliers: [Double] = []
  /// Rows that entered or left.
  private(set) var pivots = 0
  var flops: Int { factor.flops }
  private var factor = PackedCholesky()
  private var isActive: [Bool]
  /// `⟨a_r, W⟩ − b_r` of every row.
  private var slack: [Double]
  /// `Wᵀ`, d × d.
  private(set) var transposed: Matrix
  /// ‖W‖.
  private var norm = 0.0

  /// The most rows that can be independent.
  private let rank: Int

  /// Relative to max(b_r, ‖W‖), below which a row counts as satisfied.
  private static let feasibility = 1e-13
  /// Sine of the angle to the active rows' span below which a row counts as dependent on them,
  /// relative to the coefficients that express it.
  private static let independence = 2e-14

  init(gram: ConstraintGram) {
    self.gram = gram
    rank = gram.dimension * min(gram.queries, gram.dimension)
    isActive = .init(repeating: false, count: gram.count)
    transposed = Matrix(zeros: gram.dimension, gram.dimension)
    slack = (0..<gram.count).map { -gram.bounds[$0] }
    for row in 0..<gram.count where !gram.isStrict[row] && gram.scales[row] > 0 {
      let direction = direction(to: row)
      if direction.length > 0 { enter(row, direction, multiplier: 0) }
    }
  }

  /// Makes rows active, with multipliers that are not negative on strict rows, and moves to their
  /// solution; a row whose multiplier vanishes on the way, and one that depends on others, is left
  /// out.
  func start(from rows: [Int], multipliers values: [Double]) {
    for (row, value) in zip(rows, values) where isStrict(row) && value > 0 {
      guard active.count < rank else { break }
      let direction = direction(to: row)
      if direction.length > 1e-6 { enter(row, direction, multiplier: value) }
    }
    while true {
      var target = active.map { gram.bounds[$0] }
      factor.solveLower(&target)
      factor.solveUpper(&target)
      var (step, blocking) = (1.0, Int?.none)
      for (index, row) in active.enumerated() where isStrict(row) && target[index] <= 0 {
        let ratio = multipliers[index] / (multipliers[index] - target[index])
        if blocking == nil || ratio < step { (step, blocking) = (min(ratio, 1), index) }
      }
      for index in active.indices {
        multipliers[index] += step * (target[index] - multipliers[index])
      }
      guard let blocking else { return }
      leave(blocking)
    }
  }

  /// Runs to the end, or until so many pivots were made.
  func run(limit: Int) -> Outcome {
    while pivots < limit {
      measure()
      guard let violated = mostViolated() else { return .optimal }
      if let farkas = satisfy(violated) { return farkas }
    }
    return .stopped
  }

  /// Makes a violated row active; returns the Farkas vector where that is impossible.
  private func satisfy(_ violated: Int) -> Outcome? {
    var multiplier = 0.0
    var violation = slack[violated]
    while true {
      let direction = direction(to: violated)
      let blocking = blocking(direction.coefficients)
      if direction.length == 0, blocking == nil {
        return .infeasible(
          rows: [violated] + active, multipliers: [1] + direction.coefficients.map { -$0 })
      }
      let full = direction.length > 0 ? -violation / direction.square : .infinity
      let step = min(full, blocking?.step ?? .infinity)
      for index in active.indices { multipliers[index] -= step * direction.coefficients[index] }
      multiplier += step
      if let blocking, blocking.step <= full {
        if direction.length > 0 { violation += step * direction.square }
        leave(blocking.index)
      } else {
        enter(violated, direction, multiplier: multiplier)
        return nil
      }
    }
  }

  /// How a row's gradient splits into the active rows' span and the rest.
  private struct Direction {
    /// `L⁻¹ G_{A,p}`: the factor's next row.
    var projections: [Double]
    /// `r = G_AA⁻¹ G_{A,p}`: the part in the span, by active rows.
    var coefficients: [Double]
    /// The length of the rest; 0: dependent.
    var length: Double
    var square: Double { length * length }
  }

  private func direction(to row: Int) -> Direction {
    var projections = active.map { gram.product($0, row) }
    factor.solveLower(&projections)
    var coefficients = projections
    factor.solveUpper(&coefficients)
    let square = 1 - Kernels.dot(projections, projections)
    guard square < 1e-4 || active.count == rank else {
      return Direction(
        projections: projections, coefficients: coefficients, length: square.squareRoot())
    }
    var length = Double.infinity
    for _ in 0..<6 {
      let rest = gram.combination(coefficients.map { -$0 } + [1], on: active + [row])
      let norm = rest.norm
      guard norm < length / 2 else { break }
      length = norm
      var correction = projections
      gram.margins(rest, of: active, into: &correction)
      factor.solveLower(&correction)
      factor.solveUpper(&correction)
      for index in active.indices { coefficients[index] += correction[index] }
    }
    let size = 1 + coefficients.reduce(0) { $0 + abs($1) }
    let isFree = active.count < rank && length > Self.independence * size
    return Direction(
      projections: projections, coefficients: coefficients, length: isFree ? length : 0)
  }

  /// The active inequality whose multiplier vanishes first along `λ − t r`.
  private func blocking(_ coefficients: [Double]) -> (index: Int, step: Double)? {
    let least = 1e-12 * coefficients.reduce(1) { max($0, abs($1)) }
    var result: (index: Int, step: Double)?
    for index in active.indices where coefficients[index] > least && isStrict(active[index]) {
      let step = max(0, multipliers[index]) / coefficients[index]
      if step < result?.step ?? .infinity { result = (index, step) }
    }
    return result
  }

  /// Computes `W`, ‖W‖ and every slack from the multipliers, and corrects `W` and multipliers where
  /// the active rows have drifted off their bounds, as long as that halves the drift.
  ///
  /// The corrections go into `W` itself: where multipliers are large and cancel, their rounding would
  /// cost `W` digits.
  private func measure() {
    transposed = gram.combination(multipliers, on: active)
    var least = Double.infinity
    var best = (transposed, multipliers)
    var judged = transposed
    var drift = multipliers
    for _ in 0..<20 {
      norm = transposed.norm
      judged = transposed
      gram.margins(judged, of: active, into: &drift)
      for (index, row) in active.enumerated() { drift[index] -= gram.bounds[row] }
      let worst = active.indices.reduce(0) {
        max($0, abs(drift[$1]) / tolerance(of: active[$1]))
      }
      if worst < least { best = (transposed, multipliers) }
      guard worst > 0.001, worst < least / 2 else { break }
      least = worst
      var correction = drift.map { -$0 }
      factor.solveLower(&correction)
      factor.solveUpper(&correction)
      let change = gram.combination(correction, on: active)
      for index in active.indices { multipliers[index] += correction[index] }
      for index in transposed.elements.indices {
        transposed.elements[index] += change.elements[index]
      }
    }
    gram.margins(judged, into: &slack)
    for row in slack.indices { slack[row] -= gram.bounds[row] }
    (transposed, multipliers) = best
  }

  private func tolerance(of row: Int) -> Double {
    Self.feasibility * max(gram.bounds[row], norm)
  }

  /// The row farthest outside its half-space, the first of equals.
  private func mostViolated() -> Int? {
    var (result, worst) = (Int?.none, 0.0)
    for row in 0..<gram.count where !isActive[row] && isStrict(row) {
      if slack[row] < worst, slack[row] < -tolerance(of: row) {
        (result, worst) = (row, slack[row])
      }
    }
    return result
  }

  private func isStrict(_ row: Int) -> Bool { gram.isStrict[row] }

  private func enter(_ row: Int, _ direction: Direction, multiplier: Double) {
    factor.append(direction.projections, pivot: direction.length)
    active.append(row)
    multipliers.append(multiplier)
    isActive[row] = true
    pivots += 1
  }

  private func leave(_ index: Int) {
    factor.remove(index)
    isActive[active[index]] = false
    active.remove(at: index)
    multipliers.remove(at: index)
    pivots += 1
  }
}
