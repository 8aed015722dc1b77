private import CKernels

/// The original problem, against which answers are checked: the embeddings and a row for each edge.
///
/// Nothing here knows how an answer was found.
final class Evidence {
  let embeddings: Matrix
  /// Ordered by (k, i, j).
  let constraints: [MarginConstraint]
  /// q, how many last tokens `constraints` have.
  private let queries: Int
  /// Whether there can be no Farkas vector. Asked of few problems, several times of these.
  private(set) lazy var isIndependent = hasIndependentEmbeddings()

  init(embeddings: Matrix, constraints: [MarginConstraint]) {
    (self.embeddings, self.constraints) = (embeddings, constraints)
    var (count, last) = (0, -1)
    for constraint in constraints where constraint.lastToken != last {
      (count, last) = (count + 1, constraint.lastToken)
    }
    queries = count
  }

  /// `W`, d × d, with its certificate.
  ///
  /// - Parameter transposed: `Wᵀ`; nil: `W` is what the multipliers combine to.
  func certificate(
    _ multipliers: [GraphSVM.Multiplier], transposed: Matrix?
  ) -> (Matrix, GraphSVM.Certificate) {
    let combined = combination(multipliers)
    let transposed = transposed ?? combined
    let (norm, combinedNorm) = (transposed.norm, combined.norm)
    let size = norm > 0 ? norm * norm : 1
    var (primal, complementarity, weight, sum) = (0.0, 0.0, 0.0, 0.0)
    let signs = withValues(of: multipliers) { values in
      forEachMargin(transposed) { row, margin, length in
        let isStrict = constraints[row].relation == .strict
        let violation = isStrict ? max(0, 1 - margin) : abs(margin)
        let scale = min(max(1, length * norm), GraphSVM.largestScale)
        primal = max(primal, violation / scale)
        guard isStrict else { return }
        complementarity += abs(values[row] * (margin - 1))
        weight += abs(values[row]) * scale
        sum += values[row]
      }
      return signResidual(values)
    }
    let stationarity = norm > 0 ? distance(transposed, combined) / norm : 0
    return (
      transposed.transposed,
      GraphSVM.Certificate(
        primalResidual: primal, dualResidual: max(stationarity, signs),
        complementarity: weight > 0 ? complementarity / weight : 0,
        gap: abs(norm * norm + combinedNorm * combinedNorm - 2 * sum) / size,
        multipliers: multipliers)
    )
  }

  private func distance(_ left: Matrix, _ right: Matrix) -> Double {
    Kernels.norm(zip(left.elements, right.elements).map { $0 - $1 })
  }

  /// The certificate of infeasibility that multipliers give after scaling to `Σ_strict λ = 1`.
  func farkas(_ multipliers: [GraphSVM.Multiplier]) -> GraphSVM.FarkasCertificate {
    var sum = 0.0
    withValues(of: multipliers) { values in
      for row in constraints.indices where constraints[row].relation == .strict {
        sum += values[row]
      }
    }
    let scaled = multipliers.map {
      GraphSVM.Multiplier(
        lastToken: $0.lastToken, preferred: $0.preferred, other: $0.other, value: $0.value / sum)
    }
    let transposed = combination(scaled)
    var size = 0.0
    let signs = withValues(of: scaled) { values in
      forEachMargin(transposed) { row, _, length in size += abs(values[row]) * length }
      return signResidual(values)
    }
    let rest = size > 0 ? transposed.norm / size : 0
    return GraphSVM.FarkasCertificate(
      residual: sum > 0 ? max(rest, transposed.norm, signs) : .infinity,
      relativeResidual: rest, multipliers: scaled)
  }

  /// Calls `body` with a value for every row, 0 where no multiplier names it.
  private func withValues<Result>(
    of multipliers: [GraphSVM.Multiplier], _ body: (UnsafeMutablePointer<Double>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: constraints.count + 1) { memory in
      let values = memory.baseAddress!
      values.initialize(repeating: 0, count: constraints.count)
      var row = 0
      for multiplier in multipliers {
        while !multiplier.names(constraints[row]) { row += 1 }
        values[row] = multiplier.value
      }
      return body(values)
    }
  }

  /// The most negative value on a strict row, relative to the largest of all.
  private func signResidual(_ values: UnsafePointer<Double>) -> Double {
    var (least, largest) = (0.0, 0.0)
    for row in constraints.indices {
      largest = max(largest, abs(values[row]))
      if constraints[row].relation == .strict { least = min(least, values[row]) }
    }
    return largest > 0 ? (0 - least) / largest : 0
  }

  /// `(Σ λ_r a_r)ᵀ`, d × d: the differences are collected per last token, then multiplied once.
  private func combination(_ multipliers: [GraphSVM.Multiplier]) -> Matrix {
    let d = embeddings.columns
    var result = Matrix(zeros: d, d)
    guard !multipliers.isEmpty else { return result }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * queries * d) { memory in
      let (x, collected) = (memory.baseAddress!, memory.baseAddress! + queries * d)
      collected.initialize(repeating: 0, count: queries * d)
      // Only last tokens that have a multiplier get a row.
      var (query, last) = (-1, -1)
      embeddings.elements.withUnsafeBufferPointer { embeddings in
        let e = embeddings.baseAddress!
        for multiplier in multipliers {
          if multiplier.lastToken != last {
            (query, last) = (query + 1, multiplier.lastToken)
            (x + query * d).update(from: e + last * d, count: d)
          }
          let (i, j) = (e + multiplier.preferred * d, e + multiplier.other * d)
          let sum = collected + query * d
          for column in 0..<d { sum[column] += multiplier.value * (i[column] - j[column]) }
        }
      }
      mk_gemm_tn(d, d, query + 1, x, d, collected, d, &result.elements, d)
    }
    return result
  }

  /// Calls `body` with each row's number, `(e_i − e_j)ᵀ W e_k` and ‖e_i − e_j‖ ‖e_k‖.
  private func forEachMargin(_ transposed: Matrix, _ body: (Int, Double, Double) -> Void) {
    guard !constraints.isEmpty else { return }
    let d = embeddings.columns
    withUnsafeTemporaryAllocation(of: Double.self, capacity: (2 * queries + 1) * d) { memory in
      let (images, x) = (memory.baseAddress!, memory.baseAddress! + queries * d)
      let difference = x + queries * d
      embeddings.elements.withUnsafeBufferPointer { embeddings in
        let e = embeddings.baseAddress!
        var query = 0
        for row in constraints.indices {
          let last = constraints[row].lastToken
          guard row == 0 || constraints[row - 1].lastToken != last else { continue }
          (x + query * d).update(from: e + last * d, count: d)
          query += 1
        }
        images.initialize(repeating: 0, count: queries * d)
        mk_gemm(queries, d, d, x, d, transposed.elements, d, images, d)
        var length = 0.0
        query = -1
        for (row, constraint) in constraints.enumerated() {
          if row == 0 || constraints[row - 1].lastToken != constraint.lastToken {
            query += 1
            length = mk_dot(x + query * d, x + query * d, d).squareRoot()
          }
          let (i, j) = (e + constraint.preferred * d, e + constraint.other * d)
          for column in 0..<d { difference[column] = i[column] - j[column] }
          body(
            row, mk_dot(difference, images + query * d, d),
            mk_dot(difference, difference, d).squareRoot() * length)
        }
      }
    }
  }
}

extension GraphSVM.Multiplier {
  fileprivate func names(_ constraint: MarginConstraint) -> Bool {
    lastToken == constraint.lastToken && preferred == constraint.preferred
      && other == constraint.other
  }
}
