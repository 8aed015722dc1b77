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
  private let bounds: [Double]
  private let columns: [DenseActiveSet]
  private var image: [Double]

  /// - Parameter rows: the columns' active rows, column by column.
  init(gram: ConstraintGram, rows: [Int], columns: [DenseActiveSet]) {
    (self.gram, self.rows, self.columns) = (gram, rows, columns)
    bounds = rows.map { gram.bounds[$0] }
    isStrict = rows.map { gram.isStrict[$0] }
    image = bounds
  }

  /// The solution; where a fine one is asked for, restarted from the true residual as long as that
  /// halves it, so down to round-off.
  func solve(from start: [Double], accuracy: Double, norm: Double) -> [Double] {
    var (solution, best) = (start, start)
    var (residual, preconditioned) = (start, start)
    var least = Double.infinity
    for _ in 0..<(accuracy < 1e-6 ? 12 : 1) {
      gram.apply(solution, on: rows, to: rows, into: &residual)
      for index in rows.indices { residual[index] = bounds[index] - residual[index] }
      precondition(residual, into: &preconditioned)
      let square = Kernels.dot(residual, preconditioned)
      guard square < least else { return best }
      best = solution
      let scale = accuracy * accuracy * max(norm * norm, Kernels.dot(solution, bounds))
      guard square > scale, square < least / 4 else { return best }
      least = square
      correct(&solution, residual, preconditioned, goal: max(scale, 1e-16 * square))
    }
    return solution
  }

  /// Adds the solution of `G_AA x = residual`, to `residualᵀ M residual ≤ goal`.
  private func correct(
    _ solution: inout [Double], _ residual: [Double], _ preconditioned: [Double], goal: Double
  ) {
    var (residual, preconditioned) = (residual, preconditioned)
    var direction = preconditioned
    var square = Kernels.dot(residual, preconditioned)
    for _ in 0..<500 where square > goal {
      let curvature = gram.apply(direction, on: rows, to: rows, into: &image)
      guard curvature > 0 else { break }
      let step = square / curvature
      mk_axpy(&solution, step, direction, direction.count)
      mk_axpy(&residual, -step, image, image.count)
      precondition(residual, into: &preconditioned)
      let next = Kernels.dot(residual, preconditioned)
      mk_axpy(&preconditioned, next / square, direction, direction.count)
      swap(&preconditioned, &direction)
      square = next
      iterations += 1
    }
  }

  private func precondition(_ residual: [Double], into result: inout [Double]) {
    residual.withUnsafeBufferPointer { residual in
      result.withUnsafeMutableBufferPointer { result in
        guard var source = residual.baseAddress, var target = result.baseAddress else { return }
        for column in columns {
          column.solve(source, into: target)
          source += column.order
          target += column.order
        }
      }
    }
  }

  /// `½ λᵀ G λ − bᵀ λ`.
  func objective(_ values: [Double]) -> Double {
    gram.apply(values, on: rows, to: rows, into: &image) / 2 - Kernels.dot(values, bounds)
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
