import CKernels
import Testing

@testable import Theory

/// Neither the vector path nor the number of threads changes a bit of a run.
@Suite(.serialized) struct DescentBitsTests {
  /// Large enough for several chunks of contexts and for products that are shared out.
  static let sizes = [(n: 1200, t: 30, k: 160, d: 200), (n: 1200, t: 30, k: 256, d: 72)]

  /// All that a run records, as bits: the logarithm of a negative loss is no number, and no number
  /// equals itself.
  private func bits(_ contexts: Contexts, _ loss: Loss, _ head: Head, _ workers: Workers)
    -> [[UInt64]]
  {
    var random = TestRandom(4)
    let descent = Descent(
      stepSize: 0.1, isNormalised: true, iterations: 3, schedule: .every(1), loss: loss, head: head)
    let run = descent.run(
      contexts, from: random.matrix(contexts.dimension, contexts.dimension), workers: workers)
    return [run.weights, run.losses, run.logLosses, run.gradientNorms, run.logGradientNorms]
      .map { $0.map(\.bitPattern) }
  }

  @Test(arguments: [Loss.log, .squared, .crossEntropy(temperature: 0.5), .correlation], sizes)
  func allThreadsAndPathsGiveTheSameBits(loss: Loss, size: (n: Int, t: Int, k: Int, d: Int)) {
    defer { #expect(mk_select_simd(nil) == 1) }
    var random = TestRandom(3)
    let contexts = Contexts(random.dataset(n: size.n, t: size.t, k: size.k, d: size.d))
    for head in Head.allCases where loss.accepts(head) {
      let expected = bits(contexts, loss, head, .alone)
      for workers in [2, 3] {
        #expect(bits(contexts, loss, head, Workers(count: workers)) == expected)
      }
      for path in PathTests.names where mk_select_simd(path) == 1 {
        #expect(bits(contexts, loss, head, .alone) == expected, "\(path)")
      }
    }
  }

  @Test func factorsToo() {
    var random = TestRandom(6)
    let contexts = Contexts(random.dataset(n: 1200, t: 30, k: 160, d: 200))
    let factors = Factors(keys: random.matrix(80, 200), queries: random.matrix(80, 200))
    let descent = Descent(
      stepSize: 0.1, isNormalised: true, iterations: 3, schedule: .every(1))
    let alone = descent.run(contexts, from: factors)
    #expect(descent.run(contexts, from: factors, workers: Workers(count: 2)) == alone)
  }

  /// Rows of 256 scores lie farther apart than they are long.
  @Test func paddedRowsFollowTheDefinition() {
    var random = TestRandom(8)
    let contexts = Contexts(random.dataset(n: 12, t: 6, k: 256, d: 6))
    let initial = random.matrix(6, 6)
    let descent = Descent(
      stepSize: 0.05, isNormalised: true, iterations: 10, schedule: .every(10))
    let expected = DescentTests.naive(descent, contexts, from: initial)
    let gram = descent.run(contexts, in: GramSpace(contexts, from: initial))
    let weights = descent.run(contexts, in: WeightSpace(contexts, from: initial))
    #expect((gram.final - expected).norm <= 1e-11 * expected.norm)
    #expect((weights.final - expected).norm <= 1e-11 * expected.norm)
  }
}
