/// The log-loss over the reduced sequences in the coordinates of the cyclic subspace.
struct ReducedProblem {
  let contexts: Contexts
  /// Φ, r × (q·K): the scores of each basis matrix.
  private let features: Matrix
  private let logRatios: [Double]
  private let shares: [Double]

  /// A point with what Newton's method needs of it.
  struct Point {
    let coordinates: [Double]
    let loss: Double
    let gradient: [Double]
    let gradientNorm: Double
    /// The attention mass on each token of each context, by position in `contexts.tokens`.
    let masses: [Double]
  }

  init(_ contexts: Contexts, in subspace: CyclicSubspace) {
    self.init(contexts, features: contexts.features(of: subspace.basis))
  }

  /// - Parameter features: r × (q·K).
  init(_ contexts: Contexts, features: Matrix) {
    (self.contexts, self.features) = (contexts, features)
    logRatios = contexts.logCountRatios
    shares = contexts.shares
  }

  func point(_ coordinates: [Double]) -> Point {
    let scores = Matrix(rows: 1, columns: coordinates.count, elements: coordinates) * features
    let masses = AttentionMass.masses(of: contexts, scores: scores.elements, logRatios: logRatios)
    var derivatives = Matrix(zeros: features.columns, 1)
    var loss = 0.0
    for context in 0..<contexts.count {
      let label = contexts.labelPosition(of: context)
      let others = contexts.others(of: context).reduce(0) { $0 + masses[$1] }
      for position in contexts.starts[context]..<contexts.starts[context + 1] {
        let slope = position == label ? -others : masses[position]
        derivatives.elements[cell(position, in: context)] += shares[context] * slope
      }
      loss += shares[context] * Kernels.logOnePlus(others / masses[label])
    }
    let gradient = (features * derivatives).elements
    return Point(
      coordinates: coordinates, loss: loss, gradient: gradient,
      gradientNorm: Kernels.norm(gradient), masses: masses)
  }

  /// `Σ_c share_c Σ_j a_j (φ_j − φ̄)(φ_j − φ̄)ᵀ`, r × r: a sum of squares, `φ̄ = Σ_j a_j φ_j`.
  func hessian(at point: Point) -> Matrix {
    let rank = features.rows
    var rows: [Double] = []
    for context in 0..<contexts.count {
      let range = contexts.starts[context]..<contexts.starts[context + 1]
      let vectors = range.map { position in
        (0..<rank).map { features[$0, cell(position, in: context)] }
      }
      let masses = point.masses[range]
      let mean = (0..<rank).map { index in
        zip(masses, vectors).reduce(0) { $0 + $1.0 * $1.1[index] }
      }
      for (mass, vector) in zip(masses, vectors) {
        let weight = (shares[context] * mass).squareRoot()
        rows += zip(vector, mean).map { weight * ($0 - $1) }
      }
    }
    let factor = Matrix(rows: contexts.tokens.count, columns: rank, elements: rows)
    return factor.transposed * factor
  }

  /// The first point of the halving steps 1, 1/2, 1/4, … along `direction` with less loss (Armijo's
  /// condition), or, where the loss no longer shows it, with a smaller gradient.
  func search(from start: Point, along direction: [Double]) -> Point? {
    let slope = Kernels.dot(start.gradient, direction)
    var step = 1.0
    while step > 0x1p-40 {
      let next = point(zip(start.coordinates, direction).map { $0 + step * $1 })
      if -slope <= 1e-9 * start.loss {
        return next.gradientNorm < start.gradientNorm ? next : nil
      }
      if next.loss <= start.loss + 1e-4 * step * slope { return next }
      step /= 2
    }
    return nil
  }

  /// Where the score of the token at `position` is.
  private func cell(_ position: Int, in context: Int) -> Int {
    contexts.queries[context] * contexts.vocabulary + contexts.tokens[position]
  }
}
