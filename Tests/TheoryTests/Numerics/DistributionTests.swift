import Testing

@testable import Theory

/// Moments and counts of fixed seeds, within five standard errors.
@Suite struct DistributionTests {
  static func stream(_ purpose: String, seed: Int = 7) -> Theory.Stream {
    Stream(kind: "test", seed: seed, purpose: purpose)
  }

  /// Pearson's statistic for counts that should all be equal.
  static func chiSquare(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }

  /// Chi-square has mean f and variance 2f; f is one less than the cells.
  static func fits(_ counts: [Int]) -> Bool {
    let freedom = Double(counts.count - 1)
    return abs(chiSquare(counts) - freedom) < 5 * (2 * freedom).squareRoot()
  }

  @Test func uniformFillsItsInterval() {
    var stream = Self.stream("uniform")
    var counts = [Int](repeating: 0, count: 64)
    for _ in 0..<64_000 {
      let value = stream.uniform()
      #expect(value >= 0 && value < 1)
      counts[Int(value * 64)] += 1
    }
    #expect(Self.fits(counts))
  }

  @Test func symmetricUniformKeepsItsBound() {
    var stream = Self.stream("symmetric")
    let values = (0..<20_000).map { _ in stream.uniform(within: 0.25) }
    #expect(values.allSatisfy { $0 >= -0.25 && $0 < 0.25 })
    let mean = values.reduce(0, +) / 20_000
    #expect(abs(mean) < 5 * 0.25 / (3.0 * 20_000).squareRoot())
  }

  @Test(arguments: [1, 2, 3, 7, 64, 100])
  func integersAreEquallyLikely(count: Int) {
    var stream = Self.stream("integer")
    var counts = [Int](repeating: 0, count: count)
    for _ in 0..<(1000 * count) { counts[stream.integer(below: count)] += 1 }
    #expect(count == 1 || Self.fits(counts))
  }

  /// Without rejection the lower half of this range would come up twice as often as the rest.
  @Test func aLargeRangeHasNoBias() {
    var stream = Self.stream("large")
    let count = Int.max / 4 * 3
    var thirds = [0, 0, 0]
    for _ in 0..<30_000 { thirds[min(2, stream.integer(below: count) / (count / 3))] += 1 }
    #expect(Self.fits(thirds))
  }

  @Test func normalHasItsMoments() {
    var stream = Self.stream("normal")
    let count = 200_000
    let values = (0..<count).map { _ in stream.normal() }
    func moment(_ power: Int) -> Double {
      values.reduce(0) { sum, x in sum + (0..<power).reduce(1.0) { y, _ in y * x } } / Double(count)
    }
    let unit = 5 / Double(count).squareRoot()
    #expect(abs(moment(1)) < unit)
    #expect(abs(moment(2) - 1) < unit * 2.0.squareRoot())
    #expect(abs(moment(3)) < unit * 15.0.squareRoot())
    #expect(abs(moment(4) - 3) < unit * 96.0.squareRoot())
  }

  @Test func weightsAreProbabilities() {
    var stream = Self.stream("weights")
    var counts = [0, 0, 0, 0]
    for _ in 0..<40_000 { counts[stream.index(weights: [1, 0, 2, 1])] += 1 }
    #expect(counts[1] == 0)
    #expect(Self.fits([counts[0], counts[2] / 2, counts[3], counts[2] - counts[2] / 2]))
  }

  @Test func everyOrderIsEquallyLikely() {
    var stream = Self.stream("orders")
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 {
      var order = [0, 1, 2, 3]
      stream.shuffle(&order)
      counts[order, default: 0] += 1
    }
    #expect(counts.count == 24)
    #expect(Self.fits(Array(counts.values)))
  }

  @Test func everyChoiceIsEquallyLikely() {
    var stream = Self.stream("choices")
    var counts: [[Int]: Int] = [:]
    for _ in 0..<20_000 { counts[stream.choice(2, of: 5), default: 0] += 1 }
    #expect(counts.count == 20)
    #expect(Self.fits(Array(counts.values)))
    #expect(stream.choice(0, of: 3).isEmpty)
    #expect(stream.permutation(6).sorted() == Array(0..<6))
  }

  @Test func streamsWithOneNameAgreeAndOthersDiffer() {
    func first(_ stream: Theory.Stream) -> UInt64 {
      var stream = stream
      return stream.next()
    }
    #expect(first(Self.stream("a")) == first(Self.stream("a")))
    #expect(first(Self.stream("a")) != first(Self.stream("b")))
    #expect(first(Self.stream("a")) != first(Self.stream("a", seed: 8)))
    #expect(first(Self.stream("a", seed: .max)) != first(Self.stream("a", seed: 0)))
  }
}
