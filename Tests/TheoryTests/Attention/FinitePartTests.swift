import Testing

@testable import Theory

@Suite struct FinitePartTests {
  struct Problem {
    let dataset: Dataset
    let components: [[Int]]
    let contexts: Contexts
    let subspace: CyclicSubspace
    let finite: FinitePart

    init(_ dataset: Dataset) {
      self.dataset = dataset
      components = dataset.closureComponents
      contexts = Contexts(dataset)
      subspace = CyclicSubspace(embeddings: dataset.embeddings, components: components)
      finite = FinitePart(contexts, components: components, in: subspace)
    }
  }

  @Test(arguments: 0..<40) func certificateIsAtRoundOff(seed: Int) {
    var random = TestRandom(seed)
    let shapes = [(9, 4, 5, 4), (12, 3, 4, 8), (30, 6, 6, 6), (20, 9, 5, 5), (25, 4, 8, 3)]
    let (n, t, k, d) = shapes[seed % shapes.count]
    let problem = Problem(random.dataset(n: n, t: t, k: k, d: d))
    let certificate = problem.finite.certificate
    #expect(certificate.status == .converged)
    #expect(certificate.gradientNorm <= 1e-14)
    #expect(certificate.isPositiveDefinite)
    #expect(certificate.iterations <= 20)
    let weights = problem.finite.weights
    #expect((problem.subspace.projection(of: weights) - weights).norm <= 1e-13 * weights.norm)
  }

  /// Two tokens, labels 2 : 1, so the difference of scores is ln 2 where counts are equal.
  @Test func twoTokensHaveTheirLogOdds() {
    let problem = Problem(.unit(3, [[0, 1, 2], [1, 0, 2], [1, 0, 2]], [1, 0, 1]))
    let weights = problem.finite.weights
    #expect(abs(weights[1, 2] - weights[0, 2] - Kernels.log(2)) <= 1e-14)
    #expect(abs(weights[1, 2] + weights[0, 2]) <= 1e-15)
  }

  @Test func countsShiftTheLogOdds() {
    let problem = Problem(.unit(2, [[0, 0, 0, 1], [0, 0, 0, 1]], [1, 0]))
    let weights = problem.finite.weights
    #expect(abs(weights[1, 1] - weights[0, 1] - Kernels.log(3)) <= 1e-14)
  }

  @Test func acyclicAndSymmetricDataHaveZero() {
    for dataset in [
      Dataset.unit(3, [[1, 2, 0]], [1]),
      Dataset.unit(3, [[1, 2, 0], [1, 2, 0], [1, 2, 0]], [0, 1, 2]),
    ] {
      let finite = Problem(dataset).finite
      #expect(finite.weights.norm <= 1e-16)
      #expect(finite.certificate.status == .converged)
    }
  }

  /// A component that is none (it is not strongly connected) has no finite minimiser; that is told.
  @Test func aWrongComponentIsNoMinimum() {
    let dataset = Dataset.unit(2, [[0, 1]], [0])
    let components = [[-1, -1], [0, 0]]
    let finite = FinitePart(
      Contexts(dataset), components: components,
      in: CyclicSubspace(embeddings: dataset.embeddings, components: components), limit: 10)
    #expect(finite.certificate.status == .iterationLimit)
    #expect(finite.certificate.gradientNorm > FinitePart.tolerance)
  }

  @Test(arguments: [0x1p-20, 0x1p-5, 0x1p20])
  func whatConvergesIsToTheScaleOfTheEmbeddings(scale: Double) {
    func scaled(_ dataset: Dataset) -> Dataset {
      Dataset(
        embeddings: dataset.embeddings.scaled(scale), sequences: dataset.sequences,
        labels: dataset.labels)
    }
    var random = TestRandom(1)
    let dataset = random.dataset(n: 9, t: 4, k: 5, d: 4)
    let (finite, other) = (Problem(dataset).finite, Problem(scaled(dataset)).finite)
    #expect(other.certificate.status == .converged)
    #expect(
      (other.weights.scaled(scale * scale) - finite.weights).norm <= 1e-12 * finite.weights.norm)
    let wrong = scaled(.unit(2, [[0, 1]], [0]))
    let components = [[-1, -1], [0, 0]]
    let endless = FinitePart(
      Contexts(wrong), components: components,
      in: CyclicSubspace(embeddings: wrong.embeddings, components: components), limit: 10)
    #expect(endless.certificate.status == .iterationLimit)
  }

  @Test(arguments: 0..<5) func descentOnTheReducedSequencesFindsIt(seed: Int) {
    var random = TestRandom(seed)
    let problem = Problem(random.dataset(n: 12, t: 3, k: 4, d: 5))
    let plain = FinitePart.descent(
      problem.contexts, components: problem.components,
      by: Descent(
        stepSize: 1, isNormalised: false, iterations: 100_000, schedule: .every(100_000)))
    #expect((plain.final - problem.finite.weights).norm <= 1e-9)
  }

  /// A fixed normalised step ends in a cycle of two points η apart, with W_fin between them: at η/2
  /// from it on average.
  @Test(arguments: 0..<9) func normalisedDescentEndsHalfAStepAway(seed: Int) {
    var random = TestRandom(seed)
    let problem = Problem(random.dataset(n: 9, t: 3, k: 4, d: 5))
    guard problem.finite.weights.norm > 1e-6 else { return }
    let normalised = FinitePart.descent(
      problem.contexts, components: problem.components,
      by: Descent(
        stepSize: 0.01, isNormalised: true, iterations: 20_000, schedule: .every(19_999)))
    let distances = [1, 2].map { (normalised.weights(at: $0) - problem.finite.weights).norm }
    #expect(abs((distances[0] + distances[1]) / 2 - 0.005) <= 1e-6)
  }
}
