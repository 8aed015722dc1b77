import Testing

@testable import Theory

@Suite struct RegularisationPathTests {
  struct Problem {
    let dataset: Dataset
    let contexts: Contexts
    let measures: Measures
    let path: RegularisationPath
    let margin: Matrix

    init(_ dataset: Dataset, radii: [Double]) {
      self.dataset = dataset
      contexts = Contexts(dataset)
      let graphs = TokenPriorityGraph.all(of: dataset)
      let components = graphs.components(vocabulary: dataset.vocabulary)
      let subspace = CyclicSubspace(embeddings: dataset.embeddings, components: components)
      margin = GraphSVM.solve(embeddings: dataset.embeddings, graphs: graphs).weights!
      measures = Measures(
        contexts, components: components, margin: margin, subspace: subspace,
        finitePart: FinitePart(contexts, components: components, in: subspace).weights)
      path = RegularisationPath(contexts, components: components, in: subspace, radii: radii)
    }
  }

  static func cyclic(_ seed: Int) -> Dataset {
    try! DatasetDesign(
      sequences: 6, length: 4, vocabulary: 6, dimension: 8, embedding: .unitRandom,
      structure: .cyclic
    ).draw(seed: seed)
  }

  /// The optimality conditions, from the gradient by weights.
  @Test(arguments: 0..<10) func everyPointIsOptimal(seed: Int) {
    let problem = Problem(Self.cyclic(seed), radii: [40, 0.5, 10, 2])
    guard problem.margin.norm > 0 else { return }
    for (point, radius) in zip(problem.path.points, [40, 0.5, 10, 2]) {
      #expect(point.status == .optimal)
      #expect(point.residual <= 1e-9 && point.finiteResidual <= 1e-10)
      #expect(abs(point.weights.norm - radius) <= 1e-9 * radius)
      let gradient = Loss.log.gradient(at: point.weights, of: problem.contexts).matrix
      let rest = gradient.plus(point.weights, times: point.multiplier)
      #expect(rest.norm <= 1e-9 * gradient.norm + 1e-15)
      let loss = Loss.log.value(at: point.weights, of: problem.contexts).value
      #expect(abs(loss - point.loss) <= 1e-13)
    }
  }

  @Test(arguments: 0..<5) func noOtherPointOfTheBallHasLessLoss(seed: Int) {
    var random = TestRandom(seed)
    let problem = Problem(Self.cyclic(seed), radii: [3])
    let point = problem.path.points[0]
    for _ in 0..<50 {
      var other = point.weights.plus(random.matrix(8, 8), times: 0.1 * random.uniform())
      if other.norm > 3 { other = other.scaled(3 / other.norm) }
      let loss = Loss.log.value(at: other, of: problem.contexts).value
      #expect(loss >= point.loss - 1e-12)
    }
  }

  /// One token over another with unit embeddings: W̄_R lies along `(e_0 − e_1) e_1ᵀ`.
  @Test func onePairHasItsDirection() {
    let problem = Problem(.unit(2, [[0, 1]], [0]), radii: [1, 100, 300])
    for (point, radius) in zip(problem.path.points, [1.0, 100, 300]) {
      let entry = radius / 2.0.squareRoot()
      #expect(abs(point.weights[0, 1] - entry) <= 1e-9 * radius)
      #expect(abs(point.weights[1, 1] + entry) <= 1e-9 * radius)
    }
  }

  @Test func aBallThatHoldsTheMinimiserHasItInside() {
    let problem = Problem(.unit(2, [[0, 1], [0, 1], [0, 1]], [0, 0, 1]), radii: [0.1, 10])
    #expect(problem.path.points.map(\.status) == [.optimal, .interior])
    let weights = problem.path.points[1].weights
    #expect(abs(weights[0, 1] - weights[1, 1] - Kernels.log(2)) <= 1e-9)
    let symmetric = Problem(.unit(2, [[0, 1], [0, 1]], [0, 1]), radii: [1])
    #expect(symmetric.path.points[0].status == .interior)
    #expect(symmetric.path.points[0].weights.norm <= 1e-12)
  }

  /// Where every sequence is one token over and over the loss is constant.
  @Test func withoutGradientsThePathStaysAtZero() {
    let points = Problem(.unit(2, [[0, 0], [1, 1]], [0, 1]), radii: [1e-100, 1]).path.points
    #expect(points.map(\.status) == [.interior, .interior])
    #expect(points.allSatisfy { $0.weights.norm == 0 && $0.loss == 0 })
  }

  /// A strict priority that can be kept has its infimum at infinity, however large the ball.
  @Test func aRadiusOutOfReachIsNoMinimum() {
    for radius in [1e4, 1e11, 1e100] {
      let points = Problem(.unit(2, [[0, 1]], [0]), radii: [1, radius]).path.points
      #expect(points.map(\.status) == [.optimal, .stalled], "\(radius)")
    }
  }

  /// `W_fin` is 10¹⁴ here and `W_svm` 10⁶: what goes to infinity does not show in the norm.
  @Test func aLargeFinitePartHidesNoStrictPriority() {
    let dataset = Dataset(
      embeddings: Matrix(rows: 3, columns: 3, elements: [1, 0, 0, 1, 1e-8, 0, 0, 0, 1e-6]),
      sequences: [[0, 1, 2], [0, 1, 2], [0, 1, 2]], labels: [0, 0, 1])
    #expect(Problem(dataset, radii: [1e15]).path.points[0].status == .stalled)
  }

  /// Dependent embeddings may contradict each other: then strict priorities have a minimum.
  @Test func contradictingPrioritiesHaveTheirMinimumInside() {
    let dataset = Dataset(
      embeddings: Matrix(rows: 2, columns: 1, elements: [1, -1]),
      sequences: [[1, 0], [1, 0], [0, 1]], labels: [0, 0, 0])
    let graphs = TokenPriorityGraph.all(of: dataset)
    let components = graphs.components(vocabulary: 2)
    let path = RegularisationPath(
      Contexts(dataset), components: components,
      in: CyclicSubspace(embeddings: dataset.embeddings, components: components),
      radii: [0.1, 10])
    #expect(path.points.map(\.status) == [.optimal, .interior])
    #expect(abs(path.points[1].weights[0, 0] - Kernels.log(2) / 2) <= 1e-9)
  }

  /// Shorter embeddings need longer weights and change nothing else.
  @Test(arguments: [0x1p-20, 0x1p20]) func thePathScalesWithTheEmbeddings(scale: Double) {
    let (dataset, square) = (Self.cyclic(1), scale * scale)
    let scaled = Dataset(
      embeddings: dataset.embeddings.scaled(scale), sequences: dataset.sequences,
      labels: dataset.labels)
    let points = Problem(dataset, radii: [1, 20]).path.points
    let others = Problem(scaled, radii: [1 / square, 20 / square]).path.points
    for (point, other) in zip(points, others) {
      #expect(other.status == point.status)
      #expect((other.weights.scaled(square) - point.weights).norm <= 1e-9 * point.radius)
      #expect(abs(other.multiplier - point.multiplier * square * square) <= 1e-9 * other.multiplier)
    }
  }

  /// arXiv 2403.08081, section 4: direction and finite part both converge.
  @Test(arguments: 0..<10) func directionAndFinitePartConverge(seed: Int) {
    let problem = Problem(Self.cyclic(seed), radii: [17.5, 51, 80])
    guard problem.margin.norm > 0 else { return }
    let points = problem.path.points
    #expect(points.allSatisfy { $0.status == .optimal })
    let gaps = points.map { 1 - problem.measures.value(.correlation, at: $0.weights)! }
    #expect(gaps[0] > gaps[1] && gaps[1] > gaps[2] && gaps[2] < 0.01)
    let distances = points.map { problem.measures.value(.finiteDistance, at: $0.weights)! }
    #expect(distances[2] <= max(1e-9, 2 * Kernels.exp(-80 / problem.margin.norm)))
    #expect(distances[2] <= distances[0])
  }
}
