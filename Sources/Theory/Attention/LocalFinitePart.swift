/// The local finite part: the minimiser, in the local cyclic subspace, of the training loss itself
/// over contexts that keep the tokens of the component of their selected tokens
/// (arXiv 2403.08081, section 5).
///
/// The loss need not be convex, so the minimiser is the one that a damped Newton's method
/// (Levenberg, Marquardt: DOI 10.1137/0111030) reaches from where descent is. The Hessian is taken
/// by central differences of the exact gradient.
package struct LocalFinitePart: Hashable, Sendable {
  /// d × d; nil where no finite minimiser was found.
  package let weights: Matrix?
  package let status: Status
  /// ‖∇L‖_F on the subspace where the method ended.
  package let gradientNorm: Double
  /// The number of Newton steps.
  package let iterations: Int

  package enum Status: String, Hashable, Sendable {
    /// In the contexts' unit the gradient norm is at most 10⁻¹⁰, and a Newton step stays where it is.
    case converged
    /// The norm in that unit passed 10³, or the gradient vanished although a Newton step goes on: the infimum is
    /// at infinity.
    case unbounded
    /// No step made the loss any smaller, or the limit of 200 steps was reached.
    case stalled
    /// The log-loss of a context that does not keep its label is infinite.
    case infinite
  }

  /// The gradient norm that counts as converged, in the contexts' unit.
  package static let tolerance = 1e-10
  /// A norm, in that unit, past which there is no finite minimiser.
  package static let largestNorm = 1e3
  /// A Newton step that counts as staying. In the tail of a softmax it is about 1, however small the
  /// gradient.
  private static let stay = 1e-2

  /// - Parameters:
  ///   - contexts: those that keep only the tokens of the component of their selected tokens.
  ///   - weights: `W`, d × d; the method starts at its projection.
  package init(
    _ contexts: Contexts, loss: Loss, head: Head, in subspace: CyclicSubspace, from weights: Matrix
  ) {
    let isDefined = (0..<contexts.count).allSatisfy { contexts.keptLabelPosition(of: $0) != nil }
    guard loss != .log || isDefined else {
      self.init(weights: nil, status: .infinite, gradientNorm: .infinity, iterations: 0)
      return
    }
    let basis = subspace.basis
    let problem = SubspaceProblem(contexts, loss: loss, head: head, in: basis)
    var point = problem.point(basis.coordinates(of: weights.elements).map { problem.unit * $0 })
    var status = Status.stalled
    var iterations = 0
    while iterations < 200 {
      let newton = DampedNewton(problem.hessian(at: point.coordinates), point.gradient)
      if Kernels.norm(point.coordinates) > Self.largestNorm {
        status = .unbounded
        break
      }
      if point.gradientNorm <= Self.tolerance {
        status = newton.length <= Self.stay ? .converged : .unbounded
        if status == .unbounded || point.gradientNorm <= 1e-14 { break }
      }
      guard let next = newton.step(from: point, of: problem) else { break }
      (point, iterations) = (next, iterations + 1)
    }
    let minimiser = point.coordinates.map { $0 / problem.unit }
    self.init(
      weights: status == .converged ? subspace.matrix(minimiser) : nil, status: status,
      gradientNorm: problem.unit * point.gradientNorm, iterations: iterations)
  }

  private init(weights: Matrix?, status: Status, gradientNorm: Double, iterations: Int) {
    (self.weights, self.status) = (weights, status)
    (self.gradientNorm, self.iterations) = (gradientNorm, iterations)
  }
}

/// Newton's method with a multiple of the identity added to the Hessian.
private struct DampedNewton {
  private let hessian: Matrix
  private let gradient: [Double]
  private let scale: Double
  /// The least damping with which the Hessian is positive definite, and the step with it.
  private var damping: Double
  private var direction: [Double]

  /// A damping that round-off of the Hessian does not reach.
  private static let least = 1e-11
  private static let most = 1e8
  /// The longest step, so that the method stays with the minimiser next to it.
  private static let longest = 5.0

  init(_ hessian: Matrix, _ gradient: [Double]) {
    (self.hessian, self.gradient) = (hessian, gradient)
    let largest = hessian.elements.reduce(0) { max($0, abs($1)) }
    scale = largest > 0 ? largest : 1
    (damping, direction) = (Self.least * scale, [])
    direction = solve() ?? gradient.map { -$0 / scale }
  }

  var length: Double { Kernels.norm(direction) }

  /// The step with the present damping or, while that is not positive definite, with more.
  private mutating func solve() -> [Double]? {
    while damping <= Self.most * scale {
      var raised = hessian
      for index in 0..<raised.rows { raised[index, index] += damping }
      if let factor = Cholesky(raised) { return factor.solve(gradient.map { -$0 }) }
      damping *= 10
    }
    return nil
  }

  /// The first point of steps with more and more damping that has less loss, or, where the loss no
  /// longer shows it, a smaller gradient; nil: there is none.
  func step(from start: SubspaceProblem.Point, of problem: SubspaceProblem)
    -> SubspaceProblem.Point?
  {
    var trial = self
    while true {
      if trial.length <= Self.longest {
        let next = problem.point(zip(start.coordinates, trial.direction).map { $0 + $1 })
        let slope = Kernels.dot(gradient, trial.direction)
        if -slope <= 1e-12 * abs(start.loss) {
          return next.gradientNorm < start.gradientNorm ? next : nil
        }
        if next.loss <= start.loss + 1e-4 * slope { return next }
      }
      trial.damping *= 10
      guard let direction = trial.solve() else { return nil }
      trial.direction = direction
    }
  }
}
