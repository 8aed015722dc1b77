/// `W_fin`, the finite part of what descent converges to: the minimiser, in the cyclic subspace, of
/// the log-loss over the reduced sequences (arXiv 2403.08081, Definition of W_fin in section 3).
///
/// It is unique: a direction without curvature has equal scores along every edge of every component,
/// so it is orthogonal to S_fin. Newton's method with backtracking finds it to round-off.
package struct FinitePart: Hashable, Sendable {
  /// `W_fin`, d × d.
  package let weights: Matrix
  package let certificate: Certificate

  /// How the minimiser is known to be one.
  package struct Certificate: Hashable, Sendable {
    package let status: Status
    /// ‖∇L‖_F of the reduced sequences' loss at `weights`, computed from `weights`; the whole
    /// gradient, which lies in the cyclic subspace.
    package let gradientNorm: Double
    /// The number of Newton steps.
    package let iterations: Int
    /// Whether the Hessian on the cyclic subspace at `weights` has a Cholesky factorisation, so that
    /// the minimiser is unique.
    package let isPositiveDefinite: Bool
    /// The smallest pivot of that factorisation over the Hessian's largest diagonal value; 0 where
    /// there is none.
    package let smallestPivot: Double
  }

  package enum Status: String, Hashable, Sendable {
    /// The gradient norm is at most 10⁻¹⁰.
    case converged
    /// No step made the gradient any smaller, and it is not small enough.
    case stalled
    /// The limit of 200 Newton steps was reached.
    case iterationLimit = "iteration-limit"
  }

  /// The gradient norm that counts as converged; Newton goes on to round-off.
  package static let tolerance = 1e-10

  /// - Parameter components: at [k][token], the component of `token` in `G^(k)`, or −1.
  package init(
    _ contexts: Contexts, components: [[Int]], in subspace: CyclicSubspace, limit: Int = 200
  ) {
    let problem = ReducedProblem(contexts.reduced(to: components), in: subspace)
    var point = problem.point(.init(repeating: 0, count: subspace.rank))
    var iterations = 0
    var isStuck = false
    while iterations < limit, point.gradientNorm > 0, !isStuck {
      let hessian = problem.hessian(at: point)
      let factors = Cholesky(hessian) ?? Cholesky(hessian.raisedDiagonal)
      let next = factors.flatMap {
        problem.search(from: point, along: $0.solve(point.gradient.map { -$0 }))
      }
      if let next { (point, iterations) = (next, iterations + 1) } else { isStuck = true }
    }
    weights = subspace.matrix(point.coordinates)
    let norm = Loss.log.gradient(at: weights, of: problem.contexts).norm
    let factors = Cholesky(problem.hessian(at: point))
    certificate = Certificate(
      status: norm <= Self.tolerance ? .converged : isStuck ? .stalled : .iterationLimit,
      gradientNorm: norm, iterations: iterations, isPositiveDefinite: factors != nil,
      smallestPivot: factors?.smallestPivot ?? 0)
  }

  /// The authors' version: gradient descent from `W = 0` on the reduced sequences.
  ///
  /// Its final weights are near `W_fin`; with a fixed normalised step they end η/2 away.
  package static func descent(
    _ contexts: Contexts, components: [[Int]], by descent: Descent
  ) -> Trajectory {
    descent.run(
      contexts.reduced(to: components),
      from: Matrix(zeros: contexts.dimension, contexts.dimension))
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
