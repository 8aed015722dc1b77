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
  private let columns: [DenseActiveSet]
  /// Consecutive last tokens and their rows' positions in `rows`: what one thread works on at a time.
  private let parts: [(queries: Range<Int>, rows: Range<Int>)]
  private let workers: Workers
  private let arena = Arena()
  private let bounds: UnsafeMutablePointer<Double>
  private let residual: UnsafeMutablePointer<Double>
  private let preconditioned: UnsafeMutablePointer<Double>
  private let direction: UnsafeMutablePointer<Double>
  private let image: UnsafeMutablePointer<Double>

  /// - Parameter rows: the columns' active rows, column by column.
  init(gram: ConstraintGram, rows: [Int], columns: [DenseActiveSet], workers: Workers) {
    (self.gram, self.rows, self.columns, self.workers) = (gram, rows, columns, workers)
    isStrict = rows.map { gram.isStrict[$0] }
    bounds = arena.array(rows.count)
    residual = arena.array(rows.count)
    preconditioned = arena.array(rows.count)
    direction = arena.array(rows.count)
    image = arena.array(rows.count)
    for index in rows.indices { bounds[index] = gram.bounds[rows[index]] }
    parts = Self.parts(columns)
  }

  private static func parts(_ columns: [DenseActiveSet]) -> [(Range<Int>, Range<Int>)] {
    let grain = (columns.count + 15) / 16
    var end = 0
    return stride(from: 0, to: columns.count, by: grain).map { first in
      let (queries, start) = (first..<min(first + grain, columns.count), end)
      for column in columns[queries] { end += column.order }
      return (queries, start..<end)
    }
  }

  /// The solution; where a fine one is asked for, restarted from the true residual as long as that
  /// halves it, so down to round-off.
  func solve(from start: [Double], accuracy: Double, norm: Double) -> [Double] {
    var (solution, best) = (start, start)
    var least = Double.infinity
    for _ in 0..<(accuracy < 1e-6 ? 12 : 1) {
      apply(solution, into: residual)
      for index in rows.indices { residual[index] = bounds[index] - residual[index] }
      workers(chunks: parts.count) { precondition($0, into: preconditioned) }
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
    direction.update(from: preconditioned, count: rows.count)
    solution.withUnsafeMutableBufferPointer { solution in
      let solution = solution.baseAddress!
      for _ in 0..<500 where square > goal {
        let curvature = apply(direction, into: image)
        guard curvature > 0 else { break }
        let step = square / curvature
        workers(chunks: parts.count) { part in
          let (start, count) = (parts[part].rows.lowerBound, parts[part].rows.count)
          mk_axpy(solution + start, step, direction + start, count)
          mk_axpy(residual + start, -step, image + start, count)
          precondition(part, into: preconditioned)
        }
        let next = mk_dot(residual, preconditioned, rows.count)
        mk_axpy(preconditioned, next / square, direction, rows.count)
        swap(&preconditioned, &direction)
        square = next
        iterations += 1
      }
    }
  }

  /// Writes `G_AA x`; returns `xᵀ G_AA x`.
  @discardableResult
  private func apply(
    _ x: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>
  ) -> Double {
    rows.withUnsafeBufferPointer { rows in
      guard let rows = rows.baseAddress else { return 0 }
      workers(chunks: parts.count) { part in
        let (queries, range) = parts[part]
        gram.collect(x, on: rows, range, of: queries)
      }
      workers(chunks: parts.count) { part in
        let (queries, range) = parts[part]
        gram.mix(queries)
        gram.read(at: rows, range, into: result)
      }
      return gram.square
    }
  }

  /// Writes a part of the residual's product with the preconditioner.
  private func precondition(_ part: Int, into result: UnsafeMutablePointer<Double>) {
    var start = parts[part].rows.lowerBound
    for query in parts[part].queries {
      columns[query].solve(residual + start, into: result + start)
      start += columns[query].order
    }
  }

  /// `λᵀ G λ`; what was collected and mixed for it stays with the Gram matrix.
  func square(of values: [Double]) -> Double { apply(values, into: image) }

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
