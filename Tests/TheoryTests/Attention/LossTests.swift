import Testing

@testable import Theory

@Suite struct LossTests {
  struct Variant: Sendable {
    let loss: Loss
    let head: Head
  }

  static let variants = Head.allCases.flatMap { head in
    [Loss.log, .squared, .crossEntropy(temperature: 0.7), .correlation]
      .filter { $0.accepts(head) }.map { Variant(loss: $0, head: head) }
  }

  @Test func onlyTheLogLossRequiresTheTiedHead() {
    #expect(Self.variants.count == 7)
    #expect(!Loss.log.accepts(.general) && Loss.log.accepts(.tied))
  }

  @Test(arguments: variants, 0..<10)
  func gradientIsTheFiniteDifference(variant: Variant, seed: Int) {
    var random = TestRandom(seed)
    let contexts = Contexts(random.dataset(n: 5, t: 4 + seed % 4, k: 6, d: 4))
    let (weights, direction) = (random.matrix(4, 4), random.matrix(4, 4))
    let gradient = variant.loss.gradient(at: weights, of: contexts, head: variant.head).matrix
    let slope = Kernels.dot(gradient.elements, direction.elements)
    let h = 1e-5
    let values = [h, -h].map { step in
      let moved = weights.plus(direction, times: step)
      return variant.loss.value(at: moved, of: contexts, head: variant.head).value
    }
    #expect(abs(slope - (values[0] - values[1]) / (2 * h)) <= 1e-9)
  }

  /// With all attention on the label the derivatives keep their digits: those of `(1 − a)²`,
  /// `a = 1/(1 + e^−m)`, are `2 e^−2m/(1 + e^−m)³` and its negative.
  @Test func saturatedDerivativesKeepTheirDigits() {
    let contexts = Contexts(.unit(2, [[0, 1]], [0]))
    for margin in [1.0, 30, 100, 300] {
      let weights = Matrix(rows: 2, columns: 2, elements: [0, margin, 0, 0])
      let gradient = Loss.squared.gradient(at: weights, of: contexts).matrix
      let power = Kernels.exp(-margin)
      let expected = 2 * power * power / ((1 + power) * (1 + power) * (1 + power))
      #expect(abs(gradient[1, 1] / expected - 1) <= 1e-14)
      #expect(abs(gradient[0, 1] + gradient[1, 1]) <= 1e-15 * expected)
      let value = Loss.squared.value(at: weights, of: contexts)
      #expect(abs(value.logarithm + 2 * (margin + Kernels.logOnePlus(power))) <= 1e-13 * margin)
    }
  }

  /// The coldest cross-entropy is right although its exponentials overflow and underflow.
  @Test func coldTemperaturesNeitherOverflowNorVanish() {
    let contexts = Contexts(.unit(2, [[0, 1]], [0]))
    let right = Matrix(rows: 2, columns: 2, elements: [0, 50, 0, 0])
    let cold = Loss.crossEntropy(temperature: 1e-3)
    #expect(abs(cold.value(at: right.scaled(-1), of: contexts).value - 1000) <= 1e-9)
    let log = Loss.crossEntropy(temperature: 0.01).value(at: right, of: contexts).logarithm
    #expect(abs(log + 100) <= 1e-12)
  }

  /// The tokens outside a context have the logit 0: at no temperature does the loss fall below.
  @Test func tiedCrossEntropyCountsTheWholeVocabulary() {
    let contexts = Contexts(.unit(5, [[0, 1]], [0]))
    let weights = Matrix(zeros: 5, 5).plus(
      Matrix(rows: 5, columns: 5, elements: [0, 99] + .init(repeating: 0, count: 23)))
    let loss = Loss.crossEntropy(temperature: 1).value(at: weights, of: contexts).value
    #expect(abs(loss - Kernels.logOnePlus(4 * Kernels.exp(-1.0))) <= 1e-15)
  }

  @Test func correlationHasNoLogarithm() {
    let contexts = Contexts(.unit(2, [[0, 1]], [0]))
    let value = Loss.correlation.value(at: Matrix(zeros: 2, 2), of: contexts)
    #expect(value.value == -0.5 && value.logarithm.isNaN)
  }

  @Test(arguments: variants) func bothSpacesFollowTheDefinition(variant: Variant) {
    for shape in [(6, 4, 6, 8), (5, 5, 7, 3)] {
      var random = TestRandom(3)
      let contexts = Contexts(random.dataset(n: shape.0, t: shape.1, k: shape.2, d: shape.3))
      let initial = random.matrix(shape.3, shape.3)
      let descent = Descent(
        stepSize: 0.1, isNormalised: true, iterations: 50, schedule: .every(10),
        loss: variant.loss, head: variant.head)
      let expected = (0..<50).reduce(initial) { weights, _ in
        let gradient = variant.loss.gradient(at: weights, of: contexts, head: variant.head).matrix
        return weights.plus(gradient, times: -0.1 / gradient.norm)
      }
      let gram = descent.run(contexts, in: GramSpace(contexts, from: initial))
      let weights = descent.run(contexts, in: WeightSpace(contexts, from: initial))
      #expect((gram.final - expected).norm <= 1e-10 * expected.norm)
      #expect((weights.final - expected).norm <= 1e-10 * expected.norm)
    }
  }

  /// A symmetric cycle has no gradient at 0 with any loss, and descent stops there.
  @Test(arguments: variants) func symmetricCyclesStopAtOnce(variant: Variant) {
    let all = Array(0..<4)
    let contexts = Contexts(.unit(4, all.map { _ in all }, all))
    let descent = Descent(
      stepSize: 0.1, isNormalised: true, iterations: 20, schedule: .every(10),
      loss: variant.loss, head: variant.head)
    #expect(descent.run(contexts, from: Matrix(zeros: 4, 4)).stoppedAt == 0)
  }
}
