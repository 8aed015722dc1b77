private import CKernels

extension Evidence {
  /// Whether all embeddings that rows name are linearly independent; then there is no Farkas vector,
  /// whatever rounding makes look like one.
  ///
  /// *Why*: with `F_ik` the sum of λ on rows (k, i, ·) less that on rows (k, ·, i),
  /// `Σ λ_r a_r = Eᵀ F E`. Independent embeddings leave only `F = 0`, so for every k the multipliers
  /// are a circulation in `G^(k)`; none runs through a strict edge with λ ≥ 0, as between components
  /// all lead one way. This is why every problem with independent embeddings is feasible (Li et al.
  /// 2024, section 2.2).
  ///
  /// By Gram and Schmidt, twice, farthest row first. What is left of dependent rows is about ε; a
  /// little more counts as independent, so that doubt ends in `notConverged`, not in `infeasible`.
  func hasIndependentEmbeddings() -> Bool {
    let d = embeddings.columns
    var named = [Bool](repeating: false, count: embeddings.rows)
    for row in constraints { for token in row.tokens { named[token] = true } }
    var rest = named.indices.filter { named[$0] }.map { Self.unit(Array(embeddings[row: $0])) }
    guard rest.count <= d else { return false }
    let least = 2 * Double(rest.count) * Double.ulpOfOne
    while !rest.isEmpty {
      let norms = rest.map(Kernels.norm)
      let farthest = norms.indices.reduce(0) { norms[$1] > norms[$0] ? $1 : $0 }
      guard norms[farthest] > least else { return false }
      let direction = Self.unit(rest.remove(at: farthest))
      for row in rest.indices {
        for _ in 0..<2 {
          let share = Kernels.dot(rest[row], direction)
          mk_axpy(&rest[row], -share, direction, d)
        }
      }
    }
    return true
  }

  /// The embeddings in coordinates of their span, K × r, where it has fewer dimensions than they have;
  /// nil: it has not, or there is no Farkas vector to be found in it.
  ///
  /// Rows that were put into more dimensions by a map that was rounded keep their inner products. In
  /// fewer unknowns there is more that spans all matrices, so that `AnalyticCentre` has a centre.
  var span: Matrix? {
    guard !isIndependent else { return nil }
    let basis = OrthonormalBasis(spanning: embeddings)
    guard 1..<embeddings.columns ~= basis.rank else { return nil }
    return embeddings * basis.vectors.transposed
  }

  private static func unit(_ vector: [Double]) -> [Double] {
    let norm = Kernels.norm(vector)
    return norm > 0 ? vector.map { $0 / norm } : vector
  }
}
