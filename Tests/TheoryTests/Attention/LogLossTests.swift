import Testing

@testable import Theory

@Suite struct LogLossTests {
  @Test(arguments: 0..<20) func gradientIsTheFiniteDifference(seed: Int) {
    var random = TestRandom(seed)
    let contexts = Contexts(random.dataset(n: 5, t: 4, k: 6, d: 4))
    let (weights, direction) = (random.matrix(4, 4), random.matrix(4, 4))
    let slope = Kernels.dot(
      Loss.log.gradient(at: weights, of: contexts).matrix.elements, direction.elements)
    let h = 1e-5
    let difference =
      (Loss.log.value(at: weights.plus(direction, times: h), of: contexts).value
        - Loss.log.value(at: weights.plus(direction, times: -h), of: contexts).value) / (2 * h)
    #expect(abs(slope - difference) <= 1e-9)
  }

  @Test(arguments: 0..<20) func isConvexAlongSegments(seed: Int) {
    var random = TestRandom(seed)
    let contexts = Contexts(random.dataset(n: 6, t: 5, k: 5, d: 3))
    let (start, end) = (random.matrix(3, 3).scaled(20), random.matrix(3, 3).scaled(20))
    let values = (0...10).map { step in
      let share = Double(step) / 10
      return Loss.log.value(
        at: start.scaled(1 - share).plus(end, times: share), of: contexts
      ).value
    }
    for index in 1..<10 {
      #expect(values[index - 1] + values[index + 1] - 2 * values[index] >= -1e-13 * values[index])
    }
  }

  /// The gradient lies in span{(e_y − e_j) e_kᵀ}.
  @Test(arguments: 0..<10) func gradientIsInTheSpanOfItsEdges(seed: Int) {
    var random = TestRandom(seed)
    let dataset = random.dataset(n: 3, t: 3, k: 6, d: 8)
    let edges = zip(dataset.sequences, dataset.labels).flatMap { sequence, label in
      sequence.filter { $0 != label }.flatMap { token in
        zip(dataset.embeddings[row: label], dataset.embeddings[row: token]).flatMap { a, b in
          dataset.embeddings[row: sequence.last!].map { (a - b) * $0 }
        }
      }
    }
    let span = OrthonormalBasis(
      spanning: Matrix(rows: edges.count / 64, columns: 64, elements: edges))
    let gradient = Loss.log.gradient(at: random.matrix(8, 8), of: Contexts(dataset)).matrix
    let inside = span.vector(span.coordinates(of: gradient.elements))
    let outside = zip(gradient.elements, inside).map { $0 - $1 }
    #expect(Kernels.norm(outside) <= 1e-13 * gradient.norm)
  }

  /// The scaled range continues the direct one: L(W + c W_1) falls by e^−c per unit of margin.
  @Test func underflowIsCarriedInTheExponent() {
    let contexts = Contexts(.unit(2, [[0, 1]], [0]))
    for margin in [100.0, 600, 700, 740, 800, 5000, 20000] {
      let weights = Matrix(rows: 2, columns: 2, elements: [0, margin, 0, 0])
      let loss = Loss.log.value(at: weights, of: contexts)
      let gradient = Loss.log.gradient(at: weights, of: contexts)
      #expect(abs(loss.logarithm + margin) <= 1e-15 * margin)
      #expect(abs(gradient.logNorm + margin - Kernels.log(2) / 2) <= 1e-15 * margin)
      #expect(gradient.direction.norm > 0)
    }
  }

  /// The exponent is kept between evaluations; on any way through the ranges they are as if it were not.
  @Test(arguments: 0..<5) func theKeptExponentChangesNothing(seed: Int) {
    var random = TestRandom(seed)
    let draw = random.dataset(n: 5, t: 4, k: 5, d: 5)
    let weights = random.matrix(5, 5)
    // Each label has its sequence's highest score, so that a positive strength underflows.
    let all = draw.embeddings * weights * draw.embeddings.transposed
    let labels = draw.sequences.map { sequence in
      sequence.max { all[$0, sequence.last!] < all[$1, sequence.last!] }!
    }
    let contexts = Contexts(
      Dataset(embeddings: draw.embeddings, sequences: draw.sequences, labels: labels))
    let unit = contexts.scores(of: weights.scaled(10)).elements
    var lowest = 0.0
    let (coefficients, fresh) = (Block(count: unit.count), Block(count: unit.count))
    let loss = LogLoss(contexts, stride: 5)
    for strength in [0.0, 300, 500, 501, 3000, 2999, 2700, 9000, 0, -9000, 4000, -400, 600, -1] {
      let scores = Block(unit.map { $0 * strength })
      let slope = loss.differentiate(scores: scores.pointer, into: coefficients.pointer)
      let other = LogLoss(contexts, stride: 5)
      let expected = other.differentiate(scores: scores.pointer, into: fresh.pointer)
      let tolerance = 1e-14 + 40 * Double.ulpOfOne * abs(strength)
      lowest = min(lowest, slope.exponent)
      let factor = Kernels.exp(expected.exponent - slope.exponent)
      let difference = zip(coefficients.values, fresh.values).map { $0 - factor * $1 }
      #expect(Kernels.norm(difference) <= tolerance * slope.mass)
      #expect(abs(loss.value().logarithm - other.value().logarithm) <= tolerance)
    }
    #expect(lowest < -500)
  }

  @Test func overflowIsTheLossItself() {
    let contexts = Contexts(.unit(2, [[0, 1], [1, 1]], [0, 1]))
    let weights = Matrix(rows: 2, columns: 2, elements: [0, -3000, 0, 0])
    #expect(Loss.log.value(at: weights, of: contexts).value == 1500)
    let gradient = Loss.log.gradient(at: weights, of: contexts).matrix
    #expect(gradient.elements == [0, -0.5, 0, 0.5])
  }

  /// A mini-batch of the first of two contexts has the logarithms of its gradient, whatever the second
  /// says of the scores.
  @Test(arguments: [0.0, 900, -900], [300.0, 500, 800, 3000, 20000])
  func aBatchIsScaledByItsOwnContexts(other: Double, margin: Double) {
    let contexts = Contexts(.unit(4, [[0, 1, 2], [0, 1, 3]], [0, 0]))
    // x = −margin and −margin − 1 in the first context, −other in the second.
    let scores = Block([margin, 0, -1, 0, other, 0, 0, 0])
    let coefficients = Block(count: 8)
    let loss = LogLoss(contexts, stride: 4)
    // The exponent that the whole leaves behind is not that of the batch.
    _ = loss.differentiate(scores: scores.pointer, into: coefficients.pointer)
    loss.shares.set([0], unit: 1)
    for _ in 0..<2 {
      let slope = loss.differentiate(scores: scores.pointer, into: coefficients.pointer)
      let logs = coefficients.values[1...2].map { slope.exponent + Kernels.log($0) }
      // p_j = e^{x_j}/(1 + r), and r is far below rounding.
      #expect(abs(logs[0] + margin) <= 1e-15 * margin)
      #expect(abs(logs[1] + margin + 1) <= 1e-15 * margin)
      #expect(coefficients.values[0] == -(coefficients.values[1] + coefficients.values[2]))
      #expect(coefficients.values[4...].allSatisfy { $0 == 0 })
      #expect(slope.mass > 0x1p-500 && slope.mass < 0x1p500)
    }
  }

  @Test func logOnePlusIsAccurateNearZero() {
    let x = [0, 1e-300, 1e-18, 1e-16, 1e-9, 0.5, 1e18, .infinity]
    let result = x.map(Kernels.logOnePlus)
    let block = Block(count: x.count)
    Kernels.logOnePlus(Block(x), into: block, scratch: Block(count: x.count))
    #expect(block.values == result)
    #expect(Array(result[0..<4]) == [0, 1e-300, 1e-18, 1e-16])
    #expect(abs(result[4] - (1e-9 - 0.5e-18)) <= 1e-24)
    #expect(abs(result[5] - 0.405465108108164382) <= 1e-15)
    #expect(abs(result[6] - 41.4465316738928) <= 1e-12)
    #expect(result[7] == .infinity)
  }
}
