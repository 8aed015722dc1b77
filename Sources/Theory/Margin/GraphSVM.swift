/// The Graph-SVM: the `W` of least norm that retrieves every label by a margin of 1.
///
/// `W_svm = argmin ‖W‖_F` subject to `(e_i − e_j)ᵀ W e_k = 0` for `i ≍ j` joined in `G^(k)` and `≥ 1`
/// for every edge `i ⇒ j` of `G^(k)`, for all `k` (Li et al. 2024, arXiv 2403.08081, Definition 2).
package enum GraphSVM {
  /// How the solver ended; each case but the last proves itself by the certificate that it carries.
  package enum Status: Hashable, Sendable {
    /// `weights` is the optimum: every residual of the certificate is at most `tolerance`.
    case optimal(Certificate)
    /// No `W` satisfies the constraints: the Farkas vector's residual is at most `tolerance`.
    case infeasible(FarkasCertificate)
    /// Neither was proved; `weights` is the best iterate and the certificate says how good.
    case notConverged(Certificate)
  }

  /// A multiplier λ of the row `(e_i − e_j)ᵀ W e_k`.
  package struct Multiplier: Hashable, Sendable {
    package let lastToken: Int
    package let preferred: Int
    package let other: Int
    package let value: Double
  }

  /// Numbers of rows.
  package struct Counts: Hashable, Sendable {
    /// Rows of the problem as it is stated: one per `i ⇒ j`, one per joined pair `i ≍ j`.
    package var all = 0
    /// Rows left after the reductions.
    package var reduced = 0
    /// Rows with a multiplier that is not 0.
    package var active = 0
  }

  /// Work done, the same on every machine.
  package struct Work: Hashable, Sendable {
    /// Changes of the active set.
    package var pivots = 0
    /// Conjugate-gradient iterations.
    package var iterations = 0
    /// Floating-point operations of factorisations and triangular solves, to leading order.
    package var flops = 0
    /// Blocks that the face descent left to the dual active set.
    package var fallback = 0

    mutating func add(_ other: Work) {
      pivots += other.pivots
      flops += other.flops
      fallback += other.fallback
      iterations += other.iterations
    }
  }

  package struct Solution: Sendable {
    package let status: Status
    /// `W`, d × d; nil: infeasible.
    package let weights: Matrix?
    package let constraints: Counts
    package let work: Work

    /// ‖W‖_F; nil: infeasible. The margin is `1 / objective`.
    package var objective: Double? { weights?.norm }
  }

  /// What every residual has to stay below.
  package static let tolerance = 1e-9

  /// Solves the Graph-SVM of a vocabulary and its token-priority graphs.
  ///
  /// - Parameters:
  ///   - embeddings: `E`, K × d, finite numbers.
  ///   - graphs: one per last token, in increasing order of it, over the same vocabulary.
  package static func solve(embeddings: Matrix, graphs: [TokenPriorityGraph]) -> Solution {
    let reduced = graphs.flatMap(\.reducedConstraints)
    var counts = Counts()
    let evidence = Evidence(embeddings: embeddings, constraints: graphs.flatMap(\.constraints))
    counts.all = evidence.constraints.count
    counts.reduced = reduced.count
    var work = Work()
    var multipliers: [Multiplier] = []
    for block in ConstraintBlocks.split(reduced, embeddings: embeddings) {
      let answer = BlockAnswer(block)
      work.add(answer.work)
      if !answer.farkas.isEmpty {
        let farkas = evidence.farkas(answer.farkas)
        if farkas.residual <= tolerance {
          counts.active = farkas.multipliers.count
          return Solution(
            status: .infeasible(farkas), weights: nil, constraints: counts, work: work)
        }
      }
      multipliers += answer.multipliers
    }
    multipliers.sort {
      ($0.lastToken, $0.preferred, $0.other) < ($1.lastToken, $1.preferred, $1.other)
    }
    let (weights, certificate) = evidence.certificate(multipliers)
    counts.active = multipliers.count
    return Solution(
      status: certificate.worst <= tolerance ? .optimal(certificate) : .notConverged(certificate),
      weights: weights, constraints: counts, work: work)
  }
}
