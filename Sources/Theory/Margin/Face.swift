private import CKernels

/// The equations `G_AA λ = b_A` of given active rows, solved by conjugate gradients.
///
/// The preconditioner is the block diagonal of `G_AA`, one block per last token, whose inverses the
/// columns keep. On unit-random embeddings 20 to 70 iterations reach round-off at any size, as the
/// blocks take out the differences' ill-conditioning and leave that of the last tokens.
final class Face {
  let gram: ConstraintGram
  let rows: [Int]
  let isStrict: [Bool]
  private(set) var iterations = 0
  private(set) var flops = 0
  /// The columns' inverses. Plain numbers, as `parts`: where threads count references to one object,
  /// they wait for each other.
  private let inverses: UnsafeMutablePointer<DenseActiveSet.Inverse>
  /// What one thread works on at a time.
  private let parts: UnsafeMutablePointer<Part>
  private var partCount = 0
  /// Operations of preconditioning all of them.
  private var preconditioning = 0
  private let workers: Workers
  private let arena = Arena()
  private let bounds: UnsafeMutablePointer<Double>
  private let residual: UnsafeMutablePointer<Double>
  private let preconditioned: UnsafeMutablePointer<Double>
  private let direction: UnsafeMutablePointer<Double>
  private let image: UnsafeMutablePointer<Double>

  /// Consecutive last tokens and their rows' positions in `rows`.
  private struct Part {
    let firstQuery, endQuery, firstRow, endRow: Int

    var queries: Range<Int> { firstQuery..<endQuery }
    var rows: Range<Int> { firstRow..<endRow }
  }
  /// The most parts.
  private static let mostParts = 16

  /// - Parameter rows: the columns' active rows, column by column.
  init(gram: ConstraintGram, rows: [Int], columns: [DenseActiveSet], workers: Workers) {
    (self.gram, self.rows, self.workers) = (gram, rows, workers)
    inverses = arena.array(columns.count)
    parts = arena.array(Self.mostParts)
    isStrict = rows.map { gram.isStrict[$0] }
    bounds = arena.array(rows.count)
    residual = arena.array(rows.count)
    preconditioned = arena.array(rows.count)
    direction = arena.array(rows.count)
    image = arena.array(rows.count)
    for index in rows.indices { bounds[index] = gram.bounds[rows[index]] }
    let grain = (columns.count + Self.mostParts - 1) / Self.mostParts
    var end = 0
    for first in stride(from: 0, to: columns.count, by: grain) {
      let (last, start) = (min(first + grain, columns.count), end)
      for query in first..<last {
        inverses[query] = columns[query].currentInverse
        end += columns[query].order
        preconditioning += 2 * columns[query].order * columns[query].order
      }
      parts[partCount] = Part(
        firstQuery: first, endQuery: last, firstRow: start, endRow: end)
      partCount += 1
    }
  }

  /// The solution; where a fine one is asked for, restarted from the true residual as long as that
  /// halves it, so down to round-off.
  func solve(from start: [Double], accuracy: Double, norm: Double) -> [Double] {
    var (solution, best) = (start, start)
    var least = Double.infinity
    for _ in 0..<(accuracy < 1e-6 ? 12 : 1) {
      self.square(of: solution, into: residual)
      for index in rows.indices { residual[index] = bounds[index] - residual[index] }
      workers(chunks: partCount) { precondition(parts[$0], into: preconditioned) }
      flops += preconditioning
      let square = mk_dot(residual, preconditioned, rows.count)
      guard square < least else { return best }
      best = solution
      let scale = accuracy * accuracy * max(norm * norm, mk_dot(solution, bounds, rows.count))
      guard square > scale, square < least / 4 else { return best }
      least = square
      correct(&solution, square, goal: max(scale, 1e-16 * square))
    }
    return solution
  }

  /// Adds the solution of `G_AA x = residual`, to `residualᵀ M residual ≤ goal`, where
  /// `preconditioned = M residual` and `square` is its product with the residual.
  private func correct(_ solution: inout [Double], _ square: Double, goal: Double) {
    var (square, direction, preconditioned) = (square, direction, preconditioned)
    var share = 0.0
    solution.withUnsafeMutableBufferPointer { solution in
      let solution = solution.baseAddress!
      for _ in 0..<500 where square > goal {
        // The new direction is written where `preconditioned` was.
        let curvature = apply(preconditioned, adding: share, of: direction, into: image)
        swap(&preconditioned, &direction)
        guard curvature > 0 else { break }
        let step = square / curvature
        workers(chunks: partCount) {
          let part = parts[$0]
          let (start, count) = (part.rows.lowerBound, part.rows.count)
          mk_axpy(solution + start, step, direction + start, count)
          mk_axpy(residual + start, -step, image + start, count)
          precondition(part, into: preconditioned)
        }
        flops += preconditioning
        let next = mk_dot(residual, preconditioned, rows.count)
        share = next / square
        square = next
        iterations += 1
      }
    }
  }

  /// Writes `G_AA x`, where `share · previous` is added to x before; returns `xᵀ G_AA x`.
  @discardableResult
  private func apply(
    _ x: UnsafeMutablePointer<Double>, adding share: Double,
    of previous: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>
  ) -> Double {
    rows.withUnsafeBufferPointer { rows in
      guard let rows = rows.baseAddress else { return 0 }
      workers(chunks: partCount) {
        let part = parts[$0]
        let start = part.rows.lowerBound
        if share != 0 { mk_axpy(x + start, share, previous + start, part.rows.count) }
        gram.collect(x, on: rows, part.rows, of: part.queries)
      }
      workers(chunks: partCount) {
        let part = parts[$0]
        gram.mix(part.queries)
        gram.read(at: rows, part.rows, into: result)
      }
      return gram.square
    }
  }

  /// Writes a part of the residual's product with the preconditioner.
  private func precondition(_ part: Part, into result: UnsafeMutablePointer<Double>) {
    var start = part.rows.lowerBound
    for query in part.queries {
      inverses[query].multiply(residual + start, into: result + start)
      start += inverses[query].order
    }
  }

  /// `λᵀ G λ`; what was collected and mixed for it stays with the Gram matrix.
  func square(of values: [Double]) -> Double { square(of: values, into: image) }

  /// The same; writes `G_AA λ`.
  @discardableResult
  private func square(of values: [Double], into result: UnsafeMutablePointer<Double>) -> Double {
    preconditioned.update(from: values, count: values.count)
    return apply(preconditioned, adding: 0, of: direction, into: result)
  }

  /// `½ λᵀ G λ − bᵀ λ`.
  func objective(_ values: [Double]) -> Double {
    square(of: values) / 2 - mk_dot(values, bounds, rows.count)
  }

  /// Moves `target` back towards `start` until no strict multiplier is negative.
  func shorten(_ target: inout [Double], from start: [Double]) {
    var (step, blocking) = (1.0, -1)
    for index in rows.indices where isStrict[index] && target[index] < 0 {
      let ratio = start[index] / (start[index] - target[index])
      if ratio < step { (step, blocking) = (ratio, index) }
    }
    for index in rows.indices {
      target[index] = start[index] + step * (target[index] - start[index])
      if isStrict[index] { target[index] = max(0, target[index]) }
    }
    if blocking >= 0 { target[blocking] = 0 }
  }
}
