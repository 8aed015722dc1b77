extension ReducedProblem {
  /// Where Newton's method ended.
  struct End {
    let point: Point
    /// The number of steps.
    let iterations: Int
    /// Whether no step made the loss or the gradient any smaller.
    let isStuck: Bool
    /// The smallest pivot of the Hessian's Cholesky factorisation over its largest diagonal value;
    /// nil: there is none.
    let smallestPivot: Double?
  }

  /// Newton's method with backtracking from 0, to round-off.
  func minimiser(rank: Int, limit: Int) -> End {
    var point = point(.init(repeating: 0, count: rank))
    var iterations = 0
    var isStuck = false
    while iterations < limit, point.gradientNorm > 0, !isStuck {
      let hessian = hessian(at: point)
      let factors = Cholesky(hessian) ?? Cholesky(hessian.raisedDiagonal)
      let next = factors.flatMap {
        search(from: point, along: $0.solve(point.gradient.map { -$0 }))
      }
      if let next { (point, iterations) = (next, iterations + 1) } else { isStuck = true }
    }
    return End(
      point: point, iterations: iterations, isStuck: isStuck,
      smallestPivot: Cholesky(hessian(at: point))?.smallestPivot)
  }
}

extension Matrix {
  /// With 10⁻¹⁰ of the largest diagonal value added to the diagonal (and a unit where all is zero).
  fileprivate var raisedDiagonal: Matrix {
    var result = self
    let shift = largestDiagonal > 0 ? 1e-10 * largestDiagonal : 1
    for index in 0..<rows { result[index, index] += shift }
    return result
  }
}
