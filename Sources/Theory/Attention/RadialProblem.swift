/// `L + λ‖W‖²/2` in coordinates of the span of the gradients, `S_fin` first, times the contexts' unit.
///
/// Far out the curvature of the log-loss is e^−R in the directions that separate components and of
/// size 1 in `S_fin`. So that the small part does not drown in rounding of the large one, the features
/// of both are differences to the label, those of a label's own component exactly 0 outside `S_fin`,
/// and the Hessian is scaled to a unit diagonal before it is factorised.
struct RadialProblem {
  private let basis: OrthonormalBasis
  /// The dimension of `S_fin`: that many coordinates come first.
  private let finite: Int
  private let dimension: Int
  /// What coordinates, norms and radii are in here, over those of W.
  let unit: Double
  /// Of each context its share and its entries: tokens other than the label.
  private let shares: [Double]
  private let ends: [Int]
  /// By entry: `ln (count / label's count)`, and `φ_j − φ_y`, [r].
  private let logRatios: [Double]
  private let features: [[Double]]
  /// By entry: whether it is of another component than the label, so of lower priority.
  private let isStrict: [Bool]

  /// A point and a λ.
  struct Start {
    var coordinates: [Double]
    /// ln λ.
    var logMultiplier = 0.0
  }

  /// The minimiser for a λ.
  struct State {
    let start: Start
    let norm: Double
    /// d‖W‖ / d ln λ, not above 0.
    let normSlope: Double
    /// What a change of the norm is small beside; a norm may be 0 to rounding.
    var size: Double { max(norm, 1e-6) }
  }

  init(_ contexts: Contexts, components: [[Int]], in subspace: CyclicSubspace) {
    let cyclic = subspace.basis
    let outside = Self.outside(contexts, subspace)
    basis = OrthonormalBasis(
      orthonormal: Matrix(
        rows: cyclic.rank + outside.rank, columns: cyclic.vectors.columns,
        elements: cyclic.vectors.elements + outside.vectors.elements))
    (dimension, finite) = (contexts.dimension, cyclic.rank)
    shares = contexts.shares
    let others = (0..<contexts.count).map { contexts.others(of: $0) }
    let ratios = contexts.logCountRatios
    ends = others.reduce(into: [Int]()) { $0.append(($0.last ?? 0) + $1.count) }
    logRatios = others.flatMap { $0.map { ratios[$0] } }
    unit = contexts.unit
    isStrict = Self.strict(contexts, components)
    features = Self.features(contexts, basis, finite: cyclic.rank, isStrict)
  }

  private static func strict(_ contexts: Contexts, _ components: [[Int]]) -> [Bool] {
    (0..<contexts.count).flatMap { context -> [Bool] in
      let components = components[contexts.lastTokens[contexts.queries[context]]]
      let own = components[contexts.labels[context]]
      return contexts.others(of: context).map { components[contexts.tokens[$0]] != own }
    }
  }

  /// `φ_j − φ_y` of each entry.
  private static func features(
    _ contexts: Contexts, _ basis: OrthonormalBasis, finite: Int, _ isStrict: [Bool]
  ) -> [[Double]] {
    let scores = contexts.features(of: basis, over: contexts.unit)
    let differences = (0..<contexts.count).flatMap { context -> [[Double]] in
      let row = contexts.queries[context] * contexts.vocabulary
      let label = contexts.labels[context]
      return contexts.others(of: context).map { entry in
        let token = contexts.tokens[entry]
        return (0..<scores.rows).map { scores[$0, row + token] - scores[$0, row + label] }
      }
    }
    return zip(differences, isStrict).map { difference, isStrict in
      isStrict ? difference : difference.indices.map { $0 < finite ? difference[$0] : 0 }
    }
  }

  /// A basis of what `span{(e_i − e_j) e_kᵀ}`, over all tokens that occur with k, has outside S_fin.
  private static func outside(
    _ contexts: Contexts, _ subspace: CyclicSubspace
  ) -> OrthonormalBasis {
    var together = [[Int]](
      repeating: .init(repeating: -1, count: contexts.vocabulary), count: contexts.vocabulary)
    for context in 0..<contexts.count {
      let last = contexts.lastTokens[contexts.queries[context]]
      for entry in contexts.starts[context]..<contexts.starts[context + 1] {
        together[last][contexts.tokens[entry]] = 0
      }
    }
    let span = CyclicSubspace(embeddings: contexts.embeddings, components: together)
    let rests = (0..<span.rank).flatMap { row -> [Double] in
      let vector = Matrix(
        rows: contexts.dimension, columns: contexts.dimension,
        elements: Array(span.basis.vectors[row: row]))
      return subspace.complement(of: subspace.complement(of: vector)).elements
    }
    let size = contexts.dimension * contexts.dimension
    let generators = Matrix(rows: span.rank, columns: size, elements: rests)
    // Of a span within S_fin nothing but rounding is left.
    return generators.norm > 1e-8
      ? OrthonormalBasis(spanning: generators)
      : OrthonormalBasis(orthonormal: Matrix(zeros: 0, size))
  }

  /// r.
  var rank: Int { basis.rank }

  /// W of a state, with its proof.
  /// - Parameter radius: times the unit, as all that follows but what is returned.
  func point(
    _ radius: Double, _ state: State, isInside: Bool
  ) -> RegularisationPath.Point {
    let multiplier = isInside ? 0 : Kernels.exp(state.start.logMultiplier)
    let (loss, gradient, _) = evaluate(state.start.coordinates, withHessian: false)
    let rest = zip(gradient, state.start.coordinates).map { $0 + multiplier * $1 }
    let outer = isInside ? 0 : Kernels.norm(Array(rest[finite...])) / (multiplier * radius)
    let inner = isInside ? Kernels.norm(rest) : Kernels.norm(Array(rest[..<finite]))
    let isOnSphere = abs(state.norm - radius) <= 1e-10 * radius
    let isProved = outer <= 1e-9 && inner <= 1e-10
    let isMinimum =
      isInside && -state.normSlope <= 1e-10 * min(radius, state.size)
      && isAttained(inner, at: state.start.coordinates)
    let elements = basis.vector(state.start.coordinates).map { $0 / unit }
    return RegularisationPath.Point(
      radius: radius / unit,
      weights: Matrix(rows: dimension, columns: dimension, elements: elements),
      status: isProved && isOnSphere ? .optimal : isProved && isMinimum ? .interior : .stalled,
      multiplier: multiplier * unit * unit, residual: outer, finiteResidual: inner * unit,
      loss: loss)
  }

  /// Whether a small gradient is that of a minimum, not of an infimum at infinity.
  ///
  /// Without strict priorities there is a minimum. Where some W keeps all of these, the terms of lower
  /// tokens all point away from it: they cannot cancel, and the gradient is as large as they are. At a
  /// minimum they do, which proves that no W does.
  private func isAttained(_ gradientNorm: Double, at x: [Double]) -> Bool {
    guard isStrict.contains(true) else { return true }
    var (terms, start) = (0.0, 0)
    for (context, end) in ends.enumerated() {
      let range = start..<end
      start = end
      let (_, masses) = attention(on: range, at: x)
      for (entry, mass) in zip(range, masses) where isStrict[entry] {
        terms += shares[context] * mass * Kernels.norm(features[entry])
      }
    }
    return terms > 0 && gradientNorm <= 1e-10 * terms
  }

  /// The attention of a context over that on its label, in all, and that on its entries.
  private func attention(
    on entries: Range<Int>, at x: [Double]
  ) -> (ratio: Double, masses: [Double]) {
    let powers = Kernels.exp(entries.map { logRatios[$0] + Kernels.dot(features[$0], x) })
    let ratio = powers.reduce(0, +)
    return (ratio, powers.map { $0 / (1 + ratio) })
  }

  /// Loss, gradient and Hessian: `Σ share Σ_j a_j (D_j − D̄)(D_j − D̄)ᵀ` with `D_y = 0`, r × r.
  private func evaluate(
    _ x: [Double], withHessian: Bool
  ) -> (loss: Double, gradient: [Double], hessian: Matrix) {
    var (loss, gradient) = (0.0, [Double](repeating: 0, count: rank))
    var rows: [Double] = []
    var start = 0
    for (context, end) in ends.enumerated() {
      let range = start..<end
      start = end
      let (ratio, masses) = attention(on: range, at: x)
      loss += shares[context] * Kernels.logOnePlus(ratio)
      var mean = [Double](repeating: 0, count: rank)
      for (entry, mass) in zip(range, masses) {
        for index in 0..<rank { mean[index] += mass * features[entry][index] }
      }
      for index in 0..<rank { gradient[index] += shares[context] * mean[index] }
      guard withHessian else { continue }
      for (entry, mass) in zip(range, masses) {
        let weight = (shares[context] * mass).squareRoot()
        rows += zip(features[entry], mean).map { weight * ($0 - $1) }
      }
      let weight = (shares[context] / (1 + ratio)).squareRoot()
      rows += mean.map { weight * $0 }
    }
    guard withHessian else { return (loss, gradient, Matrix(zeros: 0, 0)) }
    let factor = Matrix(rows: rows.count / max(rank, 1), columns: rank, elements: rows)
    return (loss, gradient, factor.transposed * factor)
  }

  /// Newton's method with halved steps; it ends where a step stays within rounding.
  func minimise(from start: Start) -> State {
    let multiplier = Kernels.exp(start.logMultiplier)
    var x = start.coordinates
    for _ in 0..<100 {
      let (_, gradient, hessian) = evaluate(x, withHessian: true)
      let rest = zip(gradient, x).map { $0 + multiplier * $1 }
      let direction = Self.solve(hessian, multiplier, rest.map { -$0 })
      guard let next = search(x, direction, rest, multiplier) else { break }
      x = next
      if Kernels.norm(direction) <= 1e-14 * Kernels.norm(x) { break }
    }
    let norm = Kernels.norm(x)
    let change = Self.solve(evaluate(x, withHessian: true).hessian, multiplier, x)
    return State(
      start: Start(coordinates: x, logMultiplier: start.logMultiplier), norm: norm,
      normSlope: norm > 0 ? -multiplier * Kernels.dot(x, change) / norm : 0)
  }

  /// The first of the steps 1, 1/2, 1/4, … at whose end the derivative along the direction is no
  /// larger upwards than .9 of what it was downwards.
  ///
  /// Along a line the derivative of a convex function rises, so this bounds by how much the minimum
  /// is passed; derivatives keep the digits that the loss loses to rounding.
  private func search(
    _ x: [Double], _ direction: [Double], _ rest: [Double], _ multiplier: Double
  ) -> [Double]? {
    let slope = Kernels.dot(rest, direction)
    guard slope < 0 else { return nil }
    var step = 1.0
    while step > 0x1p-30 {
      let next = zip(x, direction).map { $0 + step * $1 }
      let gradient = evaluate(next, withHessian: false).gradient
      let moved = zip(gradient, next).map { $0 + multiplier * $1 }
      if Kernels.dot(moved, direction) <= -0.9 * slope { return next }
      step /= 2
    }
    return nil
  }

  /// `(H + λ)⁻¹ right`, by Cholesky after scaling to a unit diagonal.
  private static func solve(
    _ hessian: Matrix, _ multiplier: Double, _ right: [Double]
  ) -> [Double] {
    let rank = right.count
    let scale = (0..<rank).map { 1 / (hessian[$0, $0] + multiplier).squareRoot() }
    var scaled = hessian
    for row in 0..<rank {
      for column in 0..<rank { scaled[row, column] *= scale[row] * scale[column] }
      scaled[row, row] = 1
    }
    var factor = Cholesky(scaled)
    var shift = 1e-14
    while factor == nil {
      for row in 0..<rank { scaled[row, row] = 1 + shift }
      (factor, shift) = (Cholesky(scaled), 10 * shift)
    }
    let solution = factor!.solve(zip(scale, right).map { $0 * $1 })
    return zip(scale, solution).map { $0 * $1 }
  }
}
