import CKernels
import Testing

@testable import Theory

/// The order of every reduction, against plain loops.
@Suite struct ReductionTests {
  /// Reproducible numbers of mixed sizes and signs.
  static func numbers(_ count: Int, purpose: String = "numbers") -> [Double] {
    var stream = Stream(kind: "test", seed: 1, purpose: purpose)
    return (0..<count).map { _ in stream.normal() * Kernels.exp(stream.uniform(within: 20)) }
  }

  private func combine(_ s: [Double]) -> Double {
    ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
  }

  @Test func sumRunsInEightLanes() {
    for count in Array(0...40) + [1001] {
      let x = Self.numbers(count)
      var lanes = [Double](repeating: 0, count: 8)
      for (i, value) in x.enumerated() { lanes[i % 8] += value }
      #expect(Kernels.sum(x) == combine(lanes))
    }
  }

  @Test func dotRunsInEightLanesOfFusedProducts() {
    for count in Array(0...40) + [1001] {
      let (x, y) = (Self.numbers(count), Self.numbers(count, purpose: "others"))
      var lanes = [Double](repeating: 0, count: 8)
      for i in 0..<count { lanes[i % 8].addProduct(x[i], y[i]) }
      #expect(Kernels.dot(x, y) == combine(lanes))
    }
  }

  @Test func theGreatestIsTakenOff() {
    for count in 0...40 {
      var x = Self.numbers(count)
      if count > 3 { x[count / 2] = .nan }
      let greatest = x.filter { !$0.isNaN }.max() ?? 0
      let expected = x.map { $0.isNaN ? Double.nan : $0 - greatest }
      mk_lower(&x, count)
      #expect(x.map(\.bitPattern) == expected.map(\.bitPattern))
    }
  }

  @Test func dotsOfRowsAreDots() {
    for (rows, count) in (0...19).flatMap({ rows in [0, 5, 8, 23, 240].map { (rows, $0) } }) {
      let (a, x) = (Self.numbers(rows * (count + 2)), Self.numbers(count, purpose: "others"))
      var dots = [Double](repeating: 0, count: rows)
      mk_dots(&dots, a, count + 2, rows, x, count)
      let expected = (0..<rows).map { row in
        Kernels.dot(Array(a[row * (count + 2)..<row * (count + 2) + count]), x)
      }
      #expect(dots == expected)
    }
  }

  @Test func axpyIsOneFusedProductAnElement() {
    for count in 0...40 {
      let x = Self.numbers(count)
      var y = Self.numbers(count, purpose: "others")
      let expected = zip(x, y).map { $1.addingProduct(0.3, $0) }
      mk_axpy(&y, 0.3, x, count)
      #expect(y == expected)
    }
  }

  @Test func anUndefinedSumIsTheCanonicalNaN() {
    let x: [Double] = [.infinity, 1, 2, 3, 4, 5, 6, 7, -Double.infinity]
    #expect(Kernels.sum(x).bitPattern == 0x7ff8_0000_0000_0000)
    #expect(Kernels.dot(x, [0, 1, 1, 1, 1, 1, 1, 1, 1]).bitPattern == 0x7ff8_0000_0000_0000)
  }
}
