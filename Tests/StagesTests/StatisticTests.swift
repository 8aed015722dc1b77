import Manifests
import Testing

@testable import Stages

/// Statistics against NumPy 2.4: mean, std(ddof=1), min, max, median, quantile(.05), quantile(.95).
struct StatisticTests {
  struct Sample: Sendable {
    let values: [Double]
    let expected: [Double?]
  }

  @Test(arguments: [
    Sample(
      values: [3, 1, 2, 5, 4], expected: [3, 1.5811388300841898, 1, 5, 3, 1.2, 4.8]),
    Sample(
      values: [0.1, 0.7, -1.3, 2.5],
      expected: [0.5, 1.5748015748023623, -1.3, 2.5, 0.4, -1.09, 2.23]),
    Sample(
      values: [1, 1, 2, 3, 5, 8, 13, 21, 34, 55],
      expected: [14.3, 17.795442612584207, 1, 55, 6.5, 1, 45.55]),
    Sample(values: [2], expected: [2, nil, 2, 2, 2, 2, 2]),
    Sample(values: [], expected: [nil, nil, nil, nil, nil, nil, nil]),
  ])
  func isNumPys(sample: Sample) {
    for (statistic, expected) in zip(Claim.Statistic.summarised, sample.expected) {
      let value = statistic(sample.values)
      #expect((value == nil) == (expected == nil), "\(statistic)")
      if let value, let expected { #expect(abs(value - expected) < 1e-13, "\(statistic)") }
    }
  }

  @Test func theOrderOfValuesDoesNotChangeQuantiles() {
    let values = [0.3, 0.1, 0.2, 0.9, 0.4]
    for statistic in [Claim.Statistic.median, .q05, .q95, .min, .max] {
      #expect(statistic(values) == statistic(values.sorted()))
    }
  }

  @Test func aShareCountsWhatIsNotZero() {
    #expect(Claim.Statistic.share([1, 0, 1, 1]) == 0.75)
    #expect(Claim.Statistic.share([]) == nil)
  }
}
