private import CKernels

/// The original problem, against which answers are checked: the embeddings and a row for each edge.
///
/// Nothing here knows how an answer was found.
struct Evidence {
  let embeddings: Matrix
  /// Ordered by (k, i, j).
  let constraints: [MarginConstraint]
  /// The last tokens of `constraints`.
  private let lastTokens: [Int]
  /// Their embeddings, one row of d each.
  private let queries: [Double]

  init(embeddings: Matrix, constraints: [MarginConstraint]) {
    (self.embeddings, self.constraints) = (embeddings, constraints)
    var tokens: [Int] = []
    for constraint in constraints where constraint.lastToken != tokens.last {
      tokens.append(constraint.lastToken)
    }
    lastTokens = tokens
    var queries: [Double] = []
    queries.reserveCapacity(tokens.count * embeddings.columns)
    for token in tokens { queries += embeddings[row: token] }
    self.queries = queries
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
    let values = values(of: multipliers)
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
    let stationarity = norm > 0 ? distance(transposed, combined) / norm : 0
    return (
      transposed.transposed,
      GraphSVM.Certificate(
        primalResidual: primal, dualResidual: max(stationarity, signResidual(values)),
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
    let unscaled = values(of: multipliers)
    var sum = 0.0
    for (row, value) in unscaled.enumerated() where constraints[row].relation == .strict {
      sum += value
    }
    let scaled = multipliers.map {
      GraphSVM.Multiplier(
        lastToken: $0.lastToken, preferred: $0.preferred, other: $0.other, value: $0.value / sum)
    }
    let values = values(of: scaled)
    var size = 0.0
    let transposed = combination(scaled)
    forEachMargin(transposed) { row, _, length in size += abs(values[row]) * length }
    let rest = size > 0 ? transposed.norm / size : 0
    return GraphSVM.FarkasCertificate(
      residual: sum > 0 ? max(rest, transposed.norm, signResidual(values)) : .infinity,
      relativeResidual: rest,
      multipliers: scaled)
  }

  /// A value for every row, 0 where no multiplier names it.
  private func values(of multipliers: [GraphSVM.Multiplier]) -> [Double] {
    var result = [Double](repeating: 0, count: constraints.count)
    var row = 0
    for multiplier in multipliers {
      while !multiplier.names(constraints[row]) { row += 1 }
      result[row] = multiplier.value
    }
    return result
  }

  /// The most negative value on a strict row, relative to the largest of all.
  private func signResidual(_ values: [Double]) -> Double {
    var (least, largest) = (0.0, 0.0)
    for (row, value) in values.enumerated() {
      largest = max(largest, abs(value))
      if constraints[row].relation == .strict { least = min(least, value) }
    }
    return largest > 0 ? (0 - least) / largest : 0
  }

  /// `(Σ λ_r a_r)ᵀ`, d × d: the differences are collected per last token, then multiplied once.
  private func combination(_ multipliers: [GraphSVM.Multiplier]) -> Matrix {
    let d = embeddings.columns
    var collected = [Double](repeating: 0, count: queries.count)
    var query = 0
    for multiplier in multipliers {
      while lastTokens[query] != multiplier.lastToken { query += 1 }
      let (i, j) = (multiplier.preferred * d, multiplier.other * d)
      collected.withUnsafeMutableBufferPointer { collected in
        embeddings.elements.withUnsafeBufferPointer { e in
          for column in 0..<d {
            let difference = e[i + column] - e[j + column]
            collected[query * d + column] += multiplier.value * difference
          }
        }
      }
    }
    var result = Matrix(zeros: d, d)
    mk_gemm_tn(d, d, lastTokens.count, queries, d, collected, d, &result.elements, d)
    return result
  }

  /// Calls `body` with each row's number, `(e_i − e_j)ᵀ W e_k` and ‖e_i − e_j‖ ‖e_k‖.
  private func forEachMargin(_ transposed: Matrix, _ body: (Int, Double, Double) -> Void) {
    let d = embeddings.columns
    var images = [Double](repeating: 0, count: queries.count)
    mk_gemm(lastTokens.count, d, d, queries, d, transposed.elements, d, &images, d)
    var difference = [Double](repeating: 0, count: d)
    var (query, length) = (-1, 0.0)
    images.withUnsafeBufferPointer { images in
      queries.withUnsafeBufferPointer { queries in
        embeddings.elements.withUnsafeBufferPointer { e in
          for (row, constraint) in constraints.enumerated() {
            if query < 0 || lastTokens[query] != constraint.lastToken {
              query += 1
              let embedding = queries.baseAddress! + query * d
              length = mk_dot(embedding, embedding, d).squareRoot()
            }
            let (i, j) = (constraint.preferred * d, constraint.other * d)
            for column in 0..<d { difference[column] = e[i + column] - e[j + column] }
            body(
              row, mk_dot(difference, images.baseAddress! + query * d, d),
              mk_dot(difference, difference, d).squareRoot() * length)
          }
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
