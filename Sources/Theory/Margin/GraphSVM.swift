/// The Graph-SVM: the `W` of least norm that retrieves every label by a margin of 1.
///
/// `W_svm = argmin ‖W‖_F` subject to `(e_i − e_j)ᵀ W e_k = 0` for `i ≍ j` joined in `G^(k)` and `≥ 1`
/// for every edge `i ⇒ j` of `G^(k)`, for all `k` (Li et al. 2024, arXiv 2403.08081, Definition 2).
package enum GraphSVM {
  /// How the solver ended; each case but the last proves itself by the certificate that it carries.
  package enum Status: Hashable, Sendable {
    /// `weights` is the optimum: every residual of the certificate is at most `tolerance`.
    case optimal(Certificate)
    /// No `W` satisfies the constraints: the Farkas vector's residual is at most `tolerance`, its
    /// relative residual at most `roundOff`, and the embeddings are not independent.
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
    /// Floating-point operations on factors and inverses of active Gram matrices, to leading order.
    package var flops = 0
    /// Blocks that were left to `DualActiveSet`.
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
  /// The most that violations are taken relative to, so that no margin below .999 passes however
  /// large ‖W‖ is.
  package static let largestScale = 1e6
  /// What the relative residual of a Farkas vector has to stay below. Vectors of infeasible problems
  /// reach 3e-16; one of 1e-14 leaves room for a `W` of norm 1e14 where rows have norm 1.
  package static let roundOff = 1e-15

  /// Numbers in the reduced rows' differences from which on threads are used; below, they would wait
  /// for each other longer than they work.
  private static let shared = 1 << 17

  /// Solves the Graph-SVM of a vocabulary and its token-priority graphs.
  ///
  /// - Parameters:
  ///   - embeddings: `E`, K × d, finite numbers.
  ///   - graphs: one per last token, in increasing order of it, over the same vocabulary.
  ///   - workers: they make large problems faster and change no bit.
  package static func solve(
    embeddings: Matrix, graphs: [TokenPriorityGraph], workers: Workers = .alone
  ) -> Solution {
    var (stated, reduced) = ([MarginConstraint](), [MarginConstraint]())
    let edges = graphs.indices.reduce(0) { $0 + graphs[$1].condensation.edgeCount }
    stated.reserveCapacity(edges)
    reduced.reserveCapacity(edges)
    for graph in graphs {
      graph.appendConstraints(to: &stated)
      graph.appendReducedConstraints(to: &reduced)
    }
    return solve(embeddings: embeddings, stated: stated, reduced: reduced, workers: workers)
  }

  /// Solves for rows `reduced`, and judges the answer by the rows `stated`, both ordered by (k, i, j);
  /// the first are some of the second.
  static func solve(
    embeddings: Matrix, stated: [MarginConstraint], reduced: [MarginConstraint],
    workers: Workers = .alone
  ) -> Solution {
    let evidence = Evidence(embeddings: embeddings, constraints: stated)
    let isLarge = reduced.count * embeddings.columns >= shared
    let workers = isLarge ? workers : .alone
    var best = attempt(reduced, evidence, workers)
    if case .notConverged = best.status, let span = evidence.span {
      best.improve(by: attempt(reduced, in: span, evidence, workers))
    }
    // W = 0 breaks no row by more than its margin.
    if best.residual > 1 { (best.status, best.weights) = judge([], evidence) }
    return Solution(
      status: best.status, weights: best.weights,
      constraints: Counts(
        all: stated.count, reduced: reduced.count, active: multipliers(of: best.status)),
      work: best.work)
  }

  /// An answer on its way, and what it took.
  private struct Attempt {
    var status: Status
    var weights: Matrix?
    var work = Work()

    /// How far from proved it is.
    var residual: Double { GraphSVM.residual(of: status) }

    /// Takes another answer if it is as good.
    mutating func improve(by other: Attempt) {
      if other.residual <= residual { (status, weights) = (other.status, other.weights) }
      work.add(other.work)
    }
  }

  /// Solves fast, and where that does not end at round-off, by what proves more.
  /// - Parameter span: the embeddings in coordinates of their span. As inner products are the same there,
  ///   multipliers are, but not `W`.
  private static func attempt(
    _ rows: [MarginConstraint], in span: Matrix? = nil, _ evidence: Evidence, _ workers: Workers
  ) -> Attempt {
    let blocks = ConstraintBlocks.split(rows, embeddings: span ?? evidence.embeddings)
    var answers = solve(blocks, workers)
    func judged() -> Attempt {
      let (status, weights) = judge(answers, evidence, byWeights: span == nil)
      return Attempt(status: status, weights: weights)
    }
    var best = judged()
    if best.residual > exact || (best.weights != nil && answers.contains { !$0.isSolved }) {
      let mayFail = !evidence.isIndependent
      for index in blocks.indices { answers[index].prove(blocks[index], mayFail: mayFail) }
      best.improve(by: judged())
      if case .notConverged = best.status, mayFail {
        for index in blocks.indices { answers[index].centre(blocks[index]) }
        best.improve(by: judged())
      }
    }
    for answer in answers { best.work.add(answer.work) }
    return best
  }

  /// The blocks' answers: blocks at the same time, or one block by all workers.
  private static func solve(_ blocks: [ConstraintGram], _ workers: Workers) -> [BlockAnswer] {
    [BlockAnswer](unsafeUninitializedCapacity: blocks.count) { answers, count in
      let first = answers.baseAddress
      workers(chunks: blocks.count) { block in
        (first! + block).initialize(to: BlockAnswer(blocks[block], workers))
      }
      count = blocks.count
    }
  }

  /// The status that answers amount to, by certificates from the original data.
  /// - Parameter byWeights: whether the answers' `W` are in the stated embeddings' space.
  private static func judge(
    _ answers: [BlockAnswer], _ evidence: Evidence, byWeights: Bool = true
  ) -> (Status, Matrix?) {
    for answer in answers where !answer.farkas.isEmpty {
      let farkas = evidence.farkas(answer.farkas)
      if farkas.residual <= tolerance, farkas.relativeResidual <= roundOff,
        !evidence.isIndependent
      {
        return (.infeasible(farkas), nil)
      }
    }
    // Those of one block are in order already.
    let multipliers =
      answers.count == 1 ? answers[0].multipliers : answers.flatMap(\.multipliers).sorted()
    var transposed: Matrix?
    for answer in answers where byWeights {
      guard let part = answer.transposed else { continue }
      if transposed == nil { transposed = part } else { transposed!.add(part) }
    }
    let (weights, certificate) = evidence.certificate(multipliers, transposed: transposed)
    let isOptimal = certificate.worst <= tolerance
    return (isOptimal ? .optimal(certificate) : .notConverged(certificate), weights)
  }

  /// The residual below which what is left to gain by a slower method is round-off.
  private static let exact = 1e-12

  private static func residual(of status: Status) -> Double {
    switch status {
    case .optimal(let certificate), .notConverged(let certificate): certificate.worst
    case .infeasible: 0
    }
  }

  private static func multipliers(of status: Status) -> Int {
    switch status {
    case .optimal(let certificate), .notConverged(let certificate): certificate.multipliers.count
    case .infeasible(let farkas): farkas.multipliers.count
    }
  }
}

extension GraphSVM.Multiplier: Comparable {
  package static func < (left: Self, right: Self) -> Bool {
    (left.lastToken, left.preferred, left.other) < (right.lastToken, right.preferred, right.other)
  }
}

extension Matrix {
  fileprivate mutating func add(_ other: Matrix) {
    for index in elements.indices { elements[index] += other.elements[index] }
  }
}
