private import CKernels

/// Minimises the dual of the Graph-SVM, `½ λᵀ G λ − bᵀ λ` over λ ≥ 0, on one block of last tokens.
///
/// Two moves alternate, and each lowers the objective:
///
/// - a *sweep* solves one `ColumnProblem` after the other exactly (block Gauss–Seidel), which finds
///   the active rows;
/// - a *face step* solves `G_AA λ = b_A` on all active rows at once by conjugate gradients,
///   preconditioned by the columns' factors, and goes there as far as λ ≥ 0 allows.
///
/// No matrix larger than a column's is ever factored: a product with G costs one q × q × d product.
/// This is the two-phase scheme of Moré and Toraldo (1991, doi:10.1137/0801008) with sweeps in place
/// of projected gradients; the columns' quadratic problems make few sweeps enough.
final class FaceDescent {
  let gram: ConstraintGram
  private(set) var columns: [ColumnProblem] = []
  /// Conjugate-gradient iterations.
  private(set) var iterations = 0
  /// `V`, q × d: the differences times multipliers, per last token.
  private var collected: [Double]
  /// `U = (X Xᵀ) V`, q × d.
  private var mixed: [Double]
  private var norm = 0.0

  /// Relative to max(b_r, ‖W‖): what counts as violated.
  private static let feasibility = 1e-13
  /// ‖W‖-relative error of a face step while the active rows still change.
  private static let coarse = 1e-3
  /// The same once they rest.
  private static let fine = 1e-15

  init(gram: ConstraintGram) {
    self.gram = gram
    collected = .init(repeating: 0, count: gram.lastTokens.count * gram.dimension)
    mixed = collected
    var start = 0
    for query in gram.lastTokens.indices {
      var end = start
      while end < gram.count, gram.query[end] == query { end += 1 }
      columns.append(ColumnProblem(gram, rows: start..<end))
      start = end
    }
  }

  var pivots: Int { columns.reduce(0) { $0 + $1.pivots } }
  var flops: Int { columns.reduce(0) { $0 + $1.factor.flops } }

  /// Runs until every row is satisfied at the optimum of its face; false: given up.
  func run(limit: Int = 60) -> Bool {
    var isFine = false
    for _ in 0..<limit {
      let before = pivots
      guard sweep(tolerance: isFine ? Self.feasibility : Self.coarse) else { return false }
      let changes = pivots - before
      let isFull = faceStep(accuracy: isFine ? Self.fine : Self.coarse)
      if isFull, isFine, isSatisfied() { return true }
      isFine = isFull && changes <= 2
    }
    return false
  }

  /// Solves every column once, in order, each against the newest multipliers of the others.
  private func sweep(tolerance: Double) -> Bool {
    let (d, q) = (gram.dimension, gram.lastTokens.count)
    var change = [Double](repeating: 0, count: d)
    for (query, column) in columns.enumerated() {
      let bounds = bounds(of: column, query: query)
      let tolerances = column.rows.map { tolerance * max(gram.bounds[$0], norm) }
      guard column.solve(bounds: bounds, tolerances: tolerances) else { return false }
      for index in 0..<d { change[index] = -collected[query * d + index] }
      column.addTo(&change, gram)
      for index in 0..<d { collected[query * d + index] += change[index] }
      mixed.withUnsafeMutableBufferPointer { mixed in
        for other in 0..<q {
          let product = gram.queryProducts[query * q + other]
          mk_axpy(mixed.baseAddress! + other * d, product, change, d)
        }
      }
    }
    return true
  }

  /// A column's bounds less what the other columns contribute.
  private func bounds(of column: ColumnProblem, query: Int) -> [Double] {
    let (d, q) = (gram.dimension, gram.lastTokens.count)
    var others = Array(mixed[query * d..<(query + 1) * d])
    let own = gram.queryProducts[query * q + query]
    for index in 0..<d { others[index] -= own * collected[query * d + index] }
    return gram.differences.withUnsafeBufferPointer { u in
      column.rows.map { gram.bounds[$0] - mk_dot(u.baseAddress! + $0 * d, others, d) }
    }
  }

  /// Moves to the solution of `G_AA λ = b_A`, or as far towards it as λ ≥ 0 allows; true: all the
  /// way.
  private func faceStep(accuracy: Double) -> Bool {
    let support = columns.flatMap { column in column.active.map { $0 + column.rows.lowerBound } }
    let start = columns.flatMap { column in column.active.map { column.multipliers[$0] } }
    var target = solve(from: start, on: support, accuracy: accuracy)
    let isFull = support.indices.allSatisfy { target[$0] > 0 || !isStrict(support[$0]) }
    if !isFull {
      let projected = support.indices.map { isStrict(support[$0]) ? max(0, target[$0]) : target[$0] }
      if objective(projected, on: support) <= objective(start, on: support) {
        target = projected
      } else {
        shorten(&target, from: start, on: support)
      }
    }
    var first = 0
    for column in columns {
      let count = column.active.count
      column.replace(target[first..<first + count])
      first += count
    }
    gram.collect(target, on: support, into: &collected)
    gram.mix(collected, into: &mixed)
    norm = Kernels.dot(collected, mixed).squareRoot()
    return isFull
  }

  private func isStrict(_ row: Int) -> Bool { gram.constraints[row].relation == .strict }

  private func objective(_ values: [Double], on support: [Int]) -> Double {
    var images = values
    let square = gram.apply(values, on: support, to: support, into: &images)
    return square / 2 - Kernels.dot(values, support.map { gram.bounds[$0] })
  }

  /// Moves `target` back towards `start` until no strict multiplier is negative.
  private func shorten(_ target: inout [Double], from start: [Double], on support: [Int]) {
    var (step, blocking) = (1.0, -1)
    for index in support.indices where isStrict(support[index]) && target[index] < 0 {
      let ratio = start[index] / (start[index] - target[index])
      if ratio < step { (step, blocking) = (ratio, index) }
    }
    for index in support.indices {
      target[index] = start[index] + step * (target[index] - start[index])
      if isStrict(support[index]) { target[index] = max(0, target[index]) }
    }
    if blocking >= 0 { target[blocking] = 0 }
  }

  /// Solves `G_AA λ = b_A` by preconditioned conjugate gradients; where a fine solution is asked for,
  /// restarted from the true residual as long as that halves it, so down to round-off.
  private func solve(from start: [Double], on support: [Int], accuracy: Double) -> [Double] {
    var (solution, best) = (start, start)
    var residual = start
    var least = Double.infinity
    for _ in 0..<(accuracy < 1e-6 ? 12 : 1) {
      gram.apply(solution, on: support, to: support, into: &residual)
      for (index, row) in support.enumerated() {
        residual[index] = gram.bounds[row] - residual[index]
      }
      let preconditioned = precondition(residual)
      let square = Kernels.dot(residual, preconditioned)
      guard square < least else { return best }
      best = solution
      let scale = max(norm * norm, Kernels.dot(solution, support.map { gram.bounds[$0] }))
      guard square > accuracy * accuracy * scale, square < least / 4 else { return best }
      least = square
      let goal = max(accuracy * accuracy * scale, 1e-16 * square)
      correct(&solution, residual, preconditioned, on: support, goal: goal)
    }
    return solution
  }

  /// Adds the solution of `G_AA x = residual`, to `residualᵀ M residual ≤ goal`.
  private func correct(
    _ solution: inout [Double], _ residual: [Double], _ preconditioned: [Double],
    on support: [Int], goal: Double
  ) {
    var (residual, preconditioned, image) = (residual, preconditioned, residual)
    var direction = preconditioned
    var square = Kernels.dot(residual, preconditioned)
    for _ in 0..<500 where square > goal {
      let curvature = gram.apply(direction, on: support, to: support, into: &image)
      guard curvature > 0 else { break }
      let step = square / curvature
      mk_axpy(&solution, step, direction, direction.count)
      mk_axpy(&residual, -step, image, image.count)
      preconditioned = precondition(residual)
      let next = Kernels.dot(residual, preconditioned)
      let ratio = next / square
      for index in direction.indices {
        direction[index] = preconditioned[index] + ratio * direction[index]
      }
      square = next
      iterations += 1
    }
  }

  private func precondition(_ residual: [Double]) -> [Double] {
    var (result, first) = (residual, 0)
    for column in columns {
      let count = column.active.count
      var part = Array(residual[first..<first + count])
      column.precondition(&part)
      result.replaceSubrange(first..<first + count, with: part)
      first += count
    }
    return result
  }

  /// Whether every row is satisfied at the present multipliers.
  private func isSatisfied() -> Bool {
    let d = gram.dimension
    return (0..<gram.count).allSatisfy { row in
      let margin = mixed.withUnsafeBufferPointer { mixed in
        gram.differences.withUnsafeBufferPointer { u in
          mk_dot(u.baseAddress! + row * d, mixed.baseAddress! + gram.query[row] * d, d)
        }
      }
      let violation = gram.bounds[row] - margin
      return (isStrict(row) ? violation : abs(violation))
        <= 1e-12 * max(gram.bounds[row], norm)
    }
  }

  /// The multipliers that are not 0, by row.
  var support: (rows: [Int], multipliers: [Double]) {
    let rows = columns.flatMap { column in column.active.map { $0 + column.rows.lowerBound } }
    return (rows, columns.flatMap { column in column.active.map { column.multipliers[$0] } })
  }
}
