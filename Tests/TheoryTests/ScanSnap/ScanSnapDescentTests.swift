import Testing

@testable import Theory

@Suite struct ScanSnapDescentTests {
  private let small = ScanSnapDescent(
    SequenceClasses(lastTokens: 2, nextPerLast: 2, common: 3, distinct: 4), length: 20, batch: 16,
    decoderRate: 1, attentionRate: 1, iterations: 20, schedule: .every(1))

  @Test func aSeedNamesARun() {
    #expect(small.run(seed: 4) == small.run(seed: 4))
    #expect(small.run(seed: 4) != small.run(seed: 5))
  }

  @Test func recordsDoNotChangeThePath() {
    let fine = small.run(seed: 1)
    var descent = small
    descent.schedule = .every(6)
    let coarse = descent.run(seed: 1)
    #expect(coarse.iterations == [0, 6, 12, 18, 20])
    for (record, iteration) in coarse.iterations.enumerated() {
      #expect(coarse.losses[record] == fine.losses[iteration])
      #expect(coarse.scores(record, query: 1) == fine.scores(iteration, query: 1))
    }
    #expect(coarse.largestSteps[1] == fine.largestSteps[1...6].max())
    #expect(coarse.likelyAt == fine.likelyAt)
  }

  @Test func aDivergedRunHasNoLargestStep() {
    var descent = small
    descent.decoderRate = .infinity
    descent.schedule = .every(20)
    let run = descent.run(seed: 1)
    #expect(run.attention.contains(where: \.isNaN) && run.largestSteps[1].isNaN)
  }

  @Test func startsAreUniformOrZero() {
    var descent = small
    descent.iterations = 0
    let drawn = descent.run(seed: 2).attention
    let bound = 1 / Double(descent.classes.vocabulary).squareRoot()
    #expect(drawn.allSatisfy { abs($0) < bound } && drawn.contains { abs($0) > 0.9 * bound })
    descent.startsAtZero = true
    #expect(descent.run(seed: 2).attention.allSatisfy { $0 == 0 })
  }

  @Test func whatIsLearntIsTheNextToken() {
    var descent = small
    descent.iterations = 60
    let run = descent.run(seed: 1)
    #expect(run.losses.last! < 0.1 * run.losses[0])
    #expect(run.likelihoods.last! > 0.9)
    #expect(run.likelihoods[run.likelyAt!] > 0.5 && run.likelihoods[run.likelyAt! - 1] <= 0.5)
  }
}
