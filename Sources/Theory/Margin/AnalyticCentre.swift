private import CKernels

/// Proves by the analytic centre of all rows that no `W` satisfies them.
///
/// For rows `a_r` of norm 1, an equality standing for `a_r` and `−a_r`, let
/// `f(W) = −Σ log(1 − ⟨a_r, W⟩)`. With `λ_r = 1 / (1 − ⟨a_r, W⟩) > 0` its gradient is `g = Σ λ_r a_r` and
/// its Hessian `H = Σ λ_r² a_r a_rᵀ`. So where f is least, λ is a Farkas vector that has every row in
/// it. Newton's method finds that place in some ten steps.
///
/// *Why it proves*: let `Z` be feasible, so that `m_r = ⟨a_r, Z⟩` is positive on strict rows and 0 on
/// equalities. Then `⟨g, Z⟩² = (Σ λ_r m_r)² ≥ Σ λ_r² m_r² = ⟨Z, H Z⟩`, and by Cauchy and Schwarz
/// `⟨g, Z⟩² ≤ ⟨g, H⁻¹ g⟩ ⟨Z, H Z⟩`. So the *decrement* `√⟨g, H⁻¹ g⟩` is at least 1 wherever it is taken;
/// a smaller one shows that there is no `Z`, however large. It is believed only of an H far from
/// singular, so rounding cannot make it small.
///
/// This asks for more than infeasibility: rows that span all d × d matrices, with 0 inside their
/// convex hull. It is for thousands of rows that fail as a whole; where a few contradict each other,
/// `DualActiveSet` finds them.
struct AnalyticCentre {
  private let gram: ConstraintGram
  /// `Wᵀ`.
  private var transposed: Matrix
  /// `⟨a_r, W⟩`, and the same of the step.
  private var margins: [Double]
  private var slopes: [Double]
  /// λ, on equalities the difference of two.
  private var multipliers: [Double]
  /// By how much λ grows with the margin: `λ_r²`, on equalities the sum of two.
  private var growth: [Double]
  private var factor = PackedCholesky()
  var flops: Int { factor.flops }

  /// The most unknowns, d²: their factor takes 16 MB, and each step 3 Gflop.
  static let mostUnknowns = 2048
  /// Steps before giving up; 8 to 15 are usual.
  private static let patience = 40
  /// The decrement from which on one correction of λ ends at round-off.
  private static let sufficient = 1e-9
  /// The least share of a diagonal value of H that a pivot may be.
  private static let regularity = 1e-8

  init(_ gram: ConstraintGram) {
    self.gram = gram
    transposed = Matrix(zeros: gram.dimension, gram.dimension)
    margins = .init(repeating: 0, count: gram.count)
    (slopes, multipliers, growth) = (margins, margins, margins)
  }

  /// λ of every row; nil: nothing was proved.
  mutating func farkas() -> [Double]? {
    for _ in 0..<Self.patience {
      weigh()
      guard factorHessian() else { return nil }
      let gradient = gram.combination(multipliers, on: Array(0..<gram.count))
      var step = gradient
      factor.solveLower(&step.elements)
      let decrement = step.norm
      factor.solveUpper(&step.elements)
      for index in step.elements.indices { step.elements[index] = -step.elements[index] }
      gram.margins(step, into: &slopes)
      if decrement <= Self.sufficient {
        // No |λ_r slope_r| exceeds the decrement, so signs stay.
        return multipliers.indices.map { multipliers[$0] + growth[$0] * slopes[$0] }
      }
      guard let length = decrement < 0.25 ? 1 : stepLength() else { return nil }
      for index in step.elements.indices {
        transposed.elements[index] += length * step.elements[index]
      }
    }
    return nil
  }

  /// Computes margins, λ and its growth from `W`.
  private mutating func weigh() {
    gram.margins(transposed, into: &margins)
    for row in margins.indices {
      let above = 1 / (1 - margins[row])
      let below = gram.isStrict[row] ? 0 : 1 / (1 + margins[row])
      multipliers[row] = above - below
      growth[row] = above * above + below * below
    }
  }

  /// Where f is least along the step; nil: it falls for ever.
  private func stepLength() -> Double? {
    // Along the step, f changes by −Σ log(1 − t r).
    var ratios = slopes.indices.map { slopes[$0] / (1 - margins[$0]) }
    for row in slopes.indices where !gram.isStrict[row] {
      ratios.append(-slopes[row] / (1 + margins[row]))
    }
    let largest = ratios.reduce(0, max)
    guard largest > 0 else { return nil }
    var length = 0.0
    for _ in 0..<30 {
      var (slope, curvature) = (0.0, 0.0)
      for ratio in ratios {
        let share = ratio / (1 - length * ratio)
        slope += share
        curvature += share * share
      }
      let next = min(length - slope / curvature, (length + 1 / largest) / 2)
      let change = abs(next - length)
      length = next
      if change <= 0.01 * length { break }
    }
    return length
  }

  /// Factors H, of order d², row by row; false: it is nearly singular.
  ///
  /// With `S_k = Σ growth_r u_r u_rᵀ` over the rows of last token k, H consists of the d × d blocks
  /// `Σ_k x_kb x_kc S_k`, and one matrix product makes a line of them.
  private mutating func factorHessian() -> Bool {
    let (d, q) = (gram.dimension, gram.queries)
    let squares = columnHessians()
    factor.removeAll()
    var (block, weights) = ([Double](), [Double](repeating: 0, count: q * d))
    for b in 0..<d {
      block = .init(repeating: 0, count: (b + 1) * d * d)
      for query in 0..<q {
        let x = gram.units + query * d
        for c in 0...b { weights[query * (b + 1) + c] = x[b] * x[c] }
      }
      mk_gemm_tn(b + 1, d * d, q, weights, b + 1, squares, d * d, &block, d * d)
      for a in 0..<d {
        var row: [Double] = []
        row.reserveCapacity(b * d + a)
        for c in 0...b {
          let start = (c * d + a) * d
          row += block[start..<start + (c < b ? d : a)]
        }
        let diagonal = block[(b * d + a) * d + a]
        factor.solveLower(&row)
        let square = diagonal - Kernels.dot(row, row)
        guard square > Self.regularity * diagonal else { return false }
        factor.append(row, pivot: square.squareRoot())
      }
    }
    return true
  }

  /// `S_k` of each last token, q × d².
  private func columnHessians() -> [Double] {
    let d = gram.dimension
    var result = [Double](repeating: 0, count: gram.queries * d * d)
    result.withUnsafeMutableBufferPointer { result in
      for row in 0..<gram.count {
        let u = gram.differences + row * d
        let square = result.baseAddress! + gram.query[row] * d * d
        for a in 0..<d { mk_axpy(square + a * d, growth[row] * u[a], u, d) }
      }
    }
    return result
  }
}
