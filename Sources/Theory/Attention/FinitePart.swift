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
    /// The number of Newton steps; of the last token that took the most, where each is solved alone.
    package let iterations: Int
    /// Whether the Hessian on the cyclic subspace at `weights` has a Cholesky factorisation, so that
    /// the minimiser is unique.
    package let isPositiveDefinite: Bool
    /// The smallest pivot of that factorisation over the Hessian's largest diagonal value; 0 where
    /// there is none; the least of all last tokens where each is solved alone.
    package let smallestPivot: Double
  }

  package enum Status: String, Hashable, Sendable {
    /// The gradient norm is at most 10⁻¹⁰ of the contexts' unit.
    case converged
    /// No step made the gradient any smaller, and it is not small enough.
    case stalled
    /// The limit of 200 Newton steps was reached.
    case iterationLimit = "iteration-limit"
  }

  /// `weights` where they are known to be the minimiser.
  package var minimiser: Matrix? { certificate.status == .converged ? weights : nil }

  /// The gradient norm that counts as converged, in the contexts' unit; Newton goes on to round-off.
  package static let tolerance = 1e-10

  /// - Parameter components: at [k][token], the component of `token` in `G^(k)`, or −1.
  package init(
    _ contexts: Contexts, components: [[Int]], in subspace: CyclicSubspace, limit: Int = 200
  ) {
    let reduced = contexts.reduced(to: components)
    if let columns = subspace.columns {
      self.init(byColumns: reduced, columns, limit: limit)
      return
    }
    let problem = ReducedProblem(reduced, in: subspace)
    let end = problem.minimiser(rank: subspace.rank, limit: limit)
    self.init(weights: subspace.matrix(end.point.coordinates), of: reduced, [end])
  }

  /// The same without a basis of the subspace: `W e_k` is all that the contexts with last token k see of
  /// W, and they see no more of it than its projection on their differences. So each `P_k W e_k` is
  /// a problem of its own, and W is the matrix of the subspace that has these columns.
  private init(byColumns reduced: Contexts, _ columns: ColumnSpaces, limit: Int) {
    let transposed = reduced.embeddings.transposed
    var rows: [Double] = []
    var ends: [ReducedProblem.End] = []
    for (token, basis) in zip(columns.lastTokens, columns.bases) {
      let own = reduced.keeping { context, _ in
        reduced.lastTokens[reduced.queries[context]] == token
      }
      let end = ReducedProblem(own, features: basis * transposed)
        .minimiser(rank: basis.rows, limit: limit)
      rows +=
        (Matrix(rows: 1, columns: basis.rows, elements: end.point.coordinates) * basis)
        .elements
      ends.append(end)
    }
    let values = Matrix(rows: ends.count, columns: reduced.dimension, elements: rows)
    self.init(weights: columns.weights(withColumns: values), of: reduced, ends)
  }

  private init(weights: Matrix, of reduced: Contexts, _ ends: [ReducedProblem.End]) {
    self.weights = weights
    let norm = Loss.log.gradient(at: weights, of: reduced).norm
    let isConverged = norm <= Self.tolerance * reduced.unit
    let isStuck = ends.contains { $0.isStuck }
    let pivots = ends.map { $0.smallestPivot }
    certificate = Certificate(
      status: isConverged ? .converged : isStuck ? .stalled : .iterationLimit,
      gradientNorm: norm, iterations: ends.map(\.iterations).max() ?? 0,
      isPositiveDefinite: !pivots.contains(nil),
      smallestPivot: pivots.contains(nil) ? 0 : pivots.reduce(1) { min($0, $1!) })
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
