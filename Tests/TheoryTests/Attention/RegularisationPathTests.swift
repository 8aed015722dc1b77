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
