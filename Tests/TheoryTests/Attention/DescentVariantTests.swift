import Testing

@testable import Theory

/// Momentum, factors of `W`, mini-batches and label noise.
@Suite struct DescentVariantTests {
  static let stream = Stream(kind: "gd", seed: 1, purpose: "batches")

  static func descent(_ iterations: Int, isNormalised: Bool = true) -> Descent {
    Descent(
      stepSize: 0.05, isNormalised: isNormalised, iterations: iterations, schedule: .every(10))
  }

  static func problem(_ seed: Int, k: Int = 6, d: Int = 8) -> (Contexts, Matrix) {
    var random = TestRandom(seed)
    let contexts = Contexts(random.dataset(n: 7, t: 4, k: k, d: d))
    return (contexts, random.matrix(d, d))
  }

  @Test(arguments: [true, false], [3, 8]) func momentumSumsGradients(isNormalised: Bool, d: Int) {
    let (contexts, initial) = Self.problem(2, d: d)
    var descent = Self.descent(60, isNormalised: isNormalised)
    descent.momentum = 0.9
    var (weights, velocity) = (initial, Matrix(zeros: d, d))
    for _ in 0..<60 {
      let gradient = Loss.log.gradient(at: weights, of: contexts).matrix
      velocity = velocity.scaled(0.9).plus(gradient, times: isNormalised ? 1 / gradient.norm : 1)
      weights = weights.plus(velocity, times: -0.05)
    }
    let final = descent.run(contexts, from: initial).final
    #expect((final - weights).norm <= 1e-11 * weights.norm)
  }

  /// A heavy ball goes on where the gradient vanishes, and comes to rest at the minimum.
  @Test func momentumFindsTheMinimum() {
    let contexts = Contexts(.unit(2, [[0, 1], [0, 1], [0, 1]], [0, 0, 1]))
    var descent = Descent(
      stepSize: 1, isNormalised: false, iterations: 2000, schedule: .every(500))
    descent.momentum = 0.5
    let weights = descent.run(contexts, from: Matrix(zeros: 2, 2)).final
    #expect(abs(weights[0, 1] - weights[1, 1] - Kernels.log(2)) <= 1e-14)
  }

  @Test(arguments: [true, false], [0, 0.8])
  func bothFactorsDescend(isNormalised: Bool, momentum: Double) {
    let (contexts, _) = Self.problem(4)
    var random = TestRandom(5)
    let initial = Factors(keys: random.matrix(3, 8), queries: random.matrix(3, 8))
    var descent = Self.descent(50, isNormalised: isNormalised)
    descent.momentum = momentum
    var (keys, queries) = (initial.keys, initial.queries)
    var velocities = (Matrix(zeros: 3, 8), Matrix(zeros: 3, 8))
    for _ in 0..<50 {
      let gradient = Loss.log.gradient(at: keys.transposed * queries, of: contexts).matrix
      let (first, second) = (queries * gradient.transposed, keys * gradient)
      let size = isNormalised ? 1 / Kernels.norm(first.elements + second.elements) : 1
      velocities.0 = velocities.0.scaled(momentum).plus(first, times: size)
      velocities.1 = velocities.1.scaled(momentum).plus(second, times: size)
      keys = keys.plus(velocities.0, times: -0.05)
      queries = queries.plus(velocities.1, times: -0.05)
    }
    let trajectory = descent.run(contexts, from: initial)
    let expected = keys.transposed * queries
    #expect((trajectory.final - expected).norm <= 1e-11 * expected.norm)
    #expect((trajectory.weights(at: 0) - initial.product).norm <= 1e-14)
  }

  @Test func zeroFactorsAreASaddle() {
    let (contexts, _) = Self.problem(4)
    let zero = InitialWeights.zero.factors(
      inner: 2, dimension: 8, draws: .init(repeating: 0.3, count: 32))
    #expect(Self.descent(20).run(contexts, from: zero).stoppedAt == 0)
  }

  /// The score gap grows by √2 a step, and with it −ln of the gradient: its square is 0 from e^−373 on.
  @Test(arguments: [Loss.correlation, .squared, .crossEntropy(temperature: 1)], [2, 1])
  func smallGradientsAreFollowedToTheEndOfTheRange(loss: Loss, d: Int) {
    let embeddings = Matrix(rows: 2, columns: d, elements: d == 2 ? [1, 0, 0, 1] : [1, -1])
    let contexts = Contexts(Dataset(embeddings: embeddings, sequences: [[0, 1]], labels: [0]))
    let descent = Descent(
      stepSize: 1, isNormalised: true, iterations: 1000, schedule: .every(1), loss: loss)
    let trajectory = descent.run(contexts, from: Matrix(zeros: d, d))
    let smallest = trajectory.gradientNorms.filter { $0 > 0 }.min()!
    #expect(smallest < 1e-280)
    #expect(trajectory.stoppedAt != nil && trajectory.final.elements.allSatisfy { $0.isFinite })
    #expect(abs(trajectory.final.norm - Double(trajectory.stoppedAt!)) <= 1e-9)
  }

  @Test func bothFactorsFollowSmallGradients() {
    let contexts = Contexts(.unit(2, [[0, 1]], [0]))
    let factors = Factors(
      keys: Matrix(rows: 1, columns: 2, elements: [1, -1]),
      queries: Matrix(rows: 1, columns: 2, elements: [0, 1]))
    let descent = Descent(
      stepSize: 0.1, isNormalised: true, iterations: 1000, schedule: .every(1), loss: .correlation)
    let trajectory = descent.run(contexts, from: factors)
    #expect(trajectory.gradientNorms.filter { $0 > 0 }.min()! < 1e-280)
    #expect(trajectory.final.elements.allSatisfy { $0.isFinite })
  }

  /// The square of this gradient is infinite.
  @Test(arguments: [2, 1]) func largeGradientsHaveALength(d: Int) {
    let elements = d == 2 ? [1e30, 0, 0, 1e30] : [1e30, -1e30]
    let contexts = Contexts(
      Dataset(
        embeddings: Matrix(rows: 2, columns: d, elements: elements), sequences: [[0, 1]],
        labels: [0]))
    let descent = Descent(
      stepSize: 1, isNormalised: true, iterations: 1, schedule: .every(1),
      loss: .crossEntropy(temperature: 1e-100))
    let trajectory = descent.run(contexts, from: Matrix(zeros: d, d))
    #expect(trajectory.gradientNorms[0] > 1e155 && trajectory.gradientNorms[0].isFinite)
    #expect(abs(trajectory.final.norm - 1) <= 1e-12)
  }

  @Test func factorsTakeTheirDrawsInOrder() {
    let draws = (0..<8).map { Double($0) / 8 }
    let factors = InitialWeights.default.factors(inner: 1, dimension: 4, draws: draws)
    #expect(factors.keys.elements == [-0.5, -0.375, -0.25, -0.125])
    #expect(factors.queries.elements == [0, 0.125, 0.25, 0.375])
  }

  @Test func aBatchOfAllIsTheWholeRisk() {
    let (contexts, initial) = Self.problem(6)
    var descent = Self.descent(40)
    let whole = descent.run(contexts, from: initial)
    descent.batch = contexts.sequences
    let batched = descent.run(contexts, from: initial, batches: Self.stream)
    #expect((batched.final - whole.final).norm <= 1e-12)
    for (one, other) in zip(batched.losses, whole.losses) { #expect(abs(one - other) <= 1e-13) }
  }

  @Test func batchesAreRepeatableAndRecordsDoNotChangeThem() {
    let (contexts, initial) = Self.problem(7)
    var descent = Self.descent(60)
    descent.batch = 2
    let path = descent.run(contexts, from: initial, batches: Self.stream)
    #expect(descent.run(contexts, from: initial, batches: Self.stream) == path)
    descent.schedule = .every(60)
    let sparse = descent.run(contexts, from: initial, batches: Self.stream)
    #expect(sparse.final == path.final && sparse.losses.last == path.losses.last)
    let other = Stream(kind: "gd", seed: 2, purpose: "batches")
    #expect(descent.run(contexts, from: initial, batches: other).final != path.final)
    let loss = Loss.log.value(at: path.final, of: contexts).value
    #expect(abs(path.losses.last! - loss) <= 1e-13)
  }

  @Test func everySequenceIsDrawnAsOftenAsAnother() {
    let contexts = Contexts(
      .unit(3, [[0, 1], [0, 1], [0, 1], [1, 2], [0, 2]], [0, 0, 1, 2, 2]))
    var batches = MiniBatches(of: 2, contexts, from: Self.stream)
    let (shares, sum) = (ContextShares(contexts), Block(count: contexts.count))
    for _ in 0..<5000 {
      batches.draw(into: shares)
      #expect(shares.values.reduce(0, +) == 1)
      #expect(shares.batch == shares.values.indices.filter { shares.values[$0] > 0 })
      for context in 0..<contexts.count { sum.pointer[context] += shares.pointer[context] / 5000 }
    }
    for (share, expected) in zip(sum.values, contexts.shares) {
      #expect(abs(share - expected) <= 0.02)
    }
    shares.restore()
    #expect(shares.values == contexts.shares && shares.batch == nil)
  }

  /// A step on a batch is a step on the dataset of its sequences alone.
  @Test(
    arguments: [Loss.log, .squared, .crossEntropy(temperature: 0.5), .correlation], Head.allCases)
  func aBatchIsTheDatasetOfItsSequences(loss: Loss, head: Head) {
    guard loss.accepts(head) else { return }
    var random = TestRandom(12)
    let dataset = random.dataset(n: 9, t: 4, k: 6, d: 8)
    let contexts = Contexts(dataset)
    var weights = random.matrix(8, 8)
    var descent = Descent(
      stepSize: 0.05, isNormalised: false, iterations: 20, schedule: .every(20), loss: loss,
      head: head)
    descent.batch = 3
    let final = descent.run(contexts, from: weights, batches: Self.stream).final
    var batches = MiniBatches(of: 3, contexts, from: Self.stream)
    let shares = ContextShares(contexts)
    for _ in 0..<20 {
      batches.draw(into: shares)
      let drawn = shares.batch!.map { contexts.sequence(of: $0) }
      let labels = shares.batch!.map { contexts.labels[$0] }
      let part = Contexts(
        Dataset(embeddings: dataset.embeddings, sequences: drawn, labels: labels))
      #expect(part.count == 3)
      weights = weights.plus(loss.gradient(at: weights, of: part, head: head).matrix, times: -0.05)
    }
    #expect((final - weights).norm <= 1e-12 * weights.norm)
  }

  @Test func noiseReplacesItsShareOfLabels() {
    var random = TestRandom(9)
    let dataset = random.dataset(n: 1000, t: 4, k: 8, d: 2)
    var stream = Stream(kind: "data", seed: 3, purpose: "noise")
    let noisy = dataset.replacingLabels(share: 0.2, from: &stream)
    #expect(zip(noisy.sequences, noisy.labels).allSatisfy { $0.contains($1) })
    let changed = zip(noisy.labels, dataset.labels).count { $0 != $1 }
    // A quarter of the 200 draws gives the label that was there.
    #expect(changed > 120 && changed < 180)
    #expect(dataset.replacingLabels(share: 0, from: &stream) == dataset)
  }
}

extension Contexts {
  /// A sequence that context `context` stands for.
  fileprivate func sequence(of context: Int) -> [Int] {
    let last = lastTokens[queries[context]]
    let all = (starts[context]..<starts[context + 1]).flatMap {
      [Int](repeating: tokens[$0], count: counts[$0])
    }
    let place = all.firstIndex(of: last)!
    return Array(all[..<place] + all[(place + 1)...]) + [last]
  }
}
