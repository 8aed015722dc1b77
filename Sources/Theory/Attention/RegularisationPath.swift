/// The regularisation path of the log-loss: `W̄_R = argmin_{‖W‖_F ≤ R} L(W)`
/// (arXiv 2403.08081, section 4).
///
/// The risk is convex, so `W` is the minimiser where `∇L + λW = 0` with λ ≥ 0 and ‖W‖ = R. Newton's
/// method minimises `L + λ‖W‖²/2`, and λ follows the radius: ‖W‖ is nearly linear in ln λ.
package struct RegularisationPath: Sendable {
  /// `W̄_R` with what proves it.
  package struct Point: Hashable, Sendable {
    /// R.
    package let radius: Double
    /// d × d.
    package let weights: Matrix
    package let status: Status
    /// λ; 0 inside the ball.
    package let multiplier: Double
    /// `‖Π^⊥(∇L + λW)‖ / (λR)`; 0 inside the ball.
    package let residual: Double
    /// `‖Π(∇L + λW)‖`: far out λR is below the rounding of ∇L in `S_fin`, whose curvature does not
    /// fall with R. Inside the ball `‖∇L‖`.
    package let finiteResidual: Double
    /// The loss.
    package let loss: Double
  }

  package enum Status: String, Hashable, Sendable {
    /// ‖W‖ = R to 10⁻¹⁰ of it, the residual is at most 10⁻⁹ and the finite one at most 10⁻¹⁰ of the
    /// contexts' unit.
    case optimal
    /// The risk has its minimum at a norm below R; the finite residual is at most 10⁻¹⁰ of the unit,
    /// and of the terms of lower priority, which cancel only where no W keeps all priorities.
    case interior
    /// Neither was reached. So it ends where a margin is above some 600, whose e^−margin has no
    /// double.
    case stalled
  }

  /// In the order of the radii that were asked for.
  package let points: [Point]

  /// - Parameters:
  ///   - components: at [k][token], the component of `token` in `G^(k)`, or −1.
  ///   - subspace: `S_fin`.
  ///   - radii: from 10⁻¹⁰¹ to 10¹⁰¹.
  package init(
    _ contexts: Contexts, components: [[Int]], in subspace: CyclicSubspace, radii: [Double]
  ) {
    precondition(radii.allSatisfy { (1e-101...1e101).contains($0) }, "radii of \(radii)")
    let problem = RadialProblem(contexts, components: components, in: subspace)
    var start = RadialProblem.Start(coordinates: .init(repeating: 0, count: problem.rank))
    var found: [Int: Point] = [:]
    for index in radii.indices.sorted(by: { radii[$0] < radii[$1] }) {
      let (point, end) = Self.point(radii[index] * problem.unit, of: problem, from: start)
      (found[index], start) = (point, end)
    }
    points = radii.indices.map { found[$0]! }
  }

  /// ln λ below which nothing is tried.
  private static let least = -600.0
  /// The largest change of ln λ at once.
  private static let stride = 2.0

  /// Follows ln λ until the norm is the radius, which is times the problem's unit.
  private static func point(
    _ radius: Double, of problem: RadialProblem, from start: RadialProblem.Start
  ) -> (Point, RadialProblem.Start) {
    var state = problem.minimise(from: start)
    for _ in 0..<400 {
      let excess = state.norm - radius
      // A norm that does not depend on λ has reached that of the minimiser of the risk.
      let isMinimum = -state.normSlope <= min(1e-13 * radius, 1e-10 * state.size)
      if abs(excess) <= 1e-13 * radius || isMinimum { break }
      let change = min(max(-excess / state.normSlope, -stride), stride)
      let logarithm = state.start.logMultiplier + change
      if logarithm < least { break }
      let next = problem.minimise(
        from: RadialProblem.Start(
          coordinates: state.start.coordinates, logMultiplier: logarithm))
      let isNearer = abs(next.norm - radius) < abs(excess)
      if abs(excess) <= 1e-10 * radius || next.norm == state.norm, !isNearer { break }
      state = next
    }
    let isOutside = abs(state.norm - radius) <= 1e-10 * radius
    let point = problem.point(radius, state, isInside: !isOutside && state.norm < radius)
    return (point, isOutside ? state.start : start)
  }
}
