import Testing

@testable import Theory

@Suite struct InitialWeightsTests {
  @Test func spansTheIntervalOfItsKind() {
    let draws = [0, 0.25, 0.5, 0.75]
    #expect(InitialWeights.default.weights(dimension: 2, draws: draws).elements[2] == 0)
    let width = 1 / 2.0.squareRoot()
    #expect(
      InitialWeights.default.weights(dimension: 2, draws: draws).elements
        == [-width, -width / 2, 0, width / 2])
    #expect(InitialWeights.zero.weights(dimension: 2, draws: draws).elements == [0, 0, 0, 0])
    #expect(InitialWeights.random(scale: 3).halfWidth(dimension: 4) == 1.5)
  }
}
