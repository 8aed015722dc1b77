import Testing

@testable import Theory

@Suite struct DescentTests {
  static let normalised = Descent(
    stepSize: 0.01, isNormalised: true, iterations: 300, schedule: .every(10))

  /// `W(τ+1) = W(τ) − η g` as written, through the gradient by weights.
  static func naive(_ descent: Descent, _ contexts: Contexts, from initial: Matrix) -> Matrix {
    (0..<descent.iterations).reduce(initial) { weights, _ in
      let gradient = Loss.log.gradient(at: weights, of: contexts).matrix
      let size = descent.stepSize / (descent.isNormalised ? gradient.norm : 1)
      return weights.plus(gradient, times: -size)
    }
  }

  @Test(arguments: [true, false], [(6, 4, 6, 8), (4, 6, 8, 8), (5, 5, 7, 3)])
  func bothSpacesFollowTheDefinition(isNormalised: Bool, shape: (Int, Int, Int, Int)) {
    var random = TestRandom(3)
    let contexts = Contexts(
      random.dataset(n: shape.0, t: shape.1, k: shape.2, d: shape.3))
    let initial = random.matrix(shape.3, shape.3)
    var descent = Self.normalised
    descent.isNormalised = isNormalised
    let expected = Self.naive(descent, contexts, from: initial)
    let gram = descent.run(contexts, in: GramSpace(contexts, from: initial))
    let weights = descent.run(contexts, in: WeightSpace(contexts, from: initial))
    #expect((gram.final - expected).norm <= 1e-11 * expected.norm)
    #expect((weights.final - expected).norm <= 1e-11 * expected.norm)
    #expect(gram.weights(at: 0) == initial && weights.weights(at: 0) == initial)
  }

  @Test func recordsHoldTheLossAndGradientOfTheirWeights() {
    var random = TestRandom(5)
    let contexts = Contexts(random.dataset(n: 6, t: 4, k: 6, d: 8))
    let trajectory = Self.normalised.run(contexts, from: random.matrix(8, 8))
    #expect(trajectory.count == 31 && trajectory.stoppedAt == nil)
    for record in 0..<trajectory.count {
      let weights = trajectory.weights(at: record)
      let loss = Loss.log.value(at: weights, of: contexts)
      let norm = Loss.log.gradient(at: weights, of: contexts).norm
      #expect(abs(trajectory.losses[record] - loss.value) <= 1e-13 * loss.value)
      #expect(abs(trajectory.logLosses[record] - loss.logarithm) <= 1e-12)
      #expect(abs(trajectory.gradientNorms[record] - norm) <= 1e-12 * norm)
    }
  }

  @Test func theScheduleDoesNotChangeThePath() {
    var random = TestRandom(7)
    let contexts = Contexts(random.dataset(n: 4, t: 4, k: 5, d: 6))
    let initial = random.matrix(6, 6)
    var descent = Self.normalised
    descent.schedule = .every(1)
    let all = descent.run(contexts, from: initial)
    descent.schedule = .log(20)
    let some = descent.run(contexts, from: initial)
    for (record, iteration) in some.iterations.enumerated() {
      #expect(some.weights(at: record) == all.weights(at: iteration))
      #expect(some.losses[record] == all.losses[iteration])
    }
  }

  @Test func noIterationsRecordTheStart() {
    var random = TestRandom(8)
    let contexts = Contexts(random.dataset(n: 2, t: 3, k: 4, d: 4))
    let initial = random.matrix(4, 4)
    var descent = Self.normalised
    descent.iterations = 0
    let trajectory = descent.run(contexts, from: initial)
    #expect(trajectory.iterations == [0] && trajectory.final == initial)
  }

  /// Where every token of a context is its label equally often, `W = 0` is the minimum: all tokens at
  /// once, repeated or not, and each token paired with the last one.
  @Test(arguments: 2...7) func symmetricCyclesStopAtOnce(tokens: Int) {
    let all = Array(0..<tokens)
    let complete = all.map { _ in all }
    let pairs = all.dropLast().flatMap { token in [[token, tokens - 1], [token, tokens - 1]] }
    let labels = all.dropLast().flatMap { token in [token, tokens - 1] }
    var random = TestRandom(tokens)
    let embeddings = random.dataset(n: 1, t: 1, k: tokens, d: tokens + 1).embeddings
    for (sequences, labels) in [(complete, all), (complete.map { $0 + $0 }, all), (pairs, labels)] {
      let contexts = Contexts(
        Dataset(embeddings: embeddings, sequences: sequences, labels: labels))
      let trajectory = Self.normalised.run(
        contexts, from: Matrix(zeros: tokens + 1, tokens + 1))
      #expect(trajectory.stoppedAt == 0)
      #expect(trajectory.iterations.count == 31)
      #expect(trajectory.weights.allSatisfy { $0 == 0 })
    }
  }

  @Test func equalEmbeddingsHaveNoGradientToFollow() {
    var random = TestRandom(11)
    let row = random.matrix(1, 4).elements
    let embeddings = Matrix(rows: 3, columns: 4, elements: row + row + row)
    let contexts = Contexts(
      Dataset(embeddings: embeddings, sequences: [[0, 1, 2], [1, 2]], labels: [0, 1]))
    #expect(Self.normalised.run(contexts, from: random.matrix(4, 4)).stoppedAt == 0)
  }

  @Test func plainDescentStopsAtAMinimum() {
    let contexts = Contexts(
      .unit(2, [[0, 1], [0, 1], [0, 1]], [0, 0, 1]))
    let descent = Descent(
      stepSize: 2, isNormalised: false, iterations: 2000, schedule: .every(500))
    let trajectory = descent.run(contexts, from: Matrix(zeros: 2, 2))
    #expect(trajectory.stoppedAt != nil)
    let weights = trajectory.final
    #expect(abs(weights[0, 1] - weights[1, 1] - Kernels.log(2)) <= 1e-14)
  }

  /// ‖W‖ ≈ ητ, so the gradient falls to e^−20000: it never reads as zero.
  @Test(arguments: 0..<3) func acyclicDescentNeverStops(seed: Int) {
    var random = TestRandom(seed)
    var dataset = random.dataset(n: 4, t: 6, k: 8, d: 8)
    while !dataset.isAcyclic { dataset = random.dataset(n: 4, t: 6, k: 8, d: 8) }
    let descent = Descent(
      stepSize: 1, isNormalised: true, iterations: 100_000, schedule: .log(6))
    let trajectory = descent.run(Contexts(dataset), from: random.matrix(8, 8))
    #expect(trajectory.stoppedAt == nil)
    #expect(trajectory.final.norm > 50_000)
    #expect(trajectory.logGradientNorms.last! < -2000)
    #expect(trajectory.logGradientNorms.allSatisfy { $0.isFinite })
    #expect(trajectory.gradientNorms.last! == 0)
  }
}
