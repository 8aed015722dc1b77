import CKernels
import Testing

@testable import Theory

/// The kernels of small descents against those that they stand for, bit for bit.
@Suite struct DescentKernelTests {
  private static func numbers(_ count: Int, _ purpose: String) -> [Double] {
    var stream = Stream(kind: "test", seed: 3, purpose: purpose)
    return (0..<count).map { _ in stream.uniform(within: 1) }
  }

  @Test(arguments: [0.0, -300])
  func exponentialsOfMarginsAreThoseOfTheirParts(offset: Double) {
    let scores = Self.numbers(50, "scores").map { $0 * 40 }
    for count in 0...40 {
      let tokens = (0..<count).map { Int32($0 * 7 % 50) }
      let labels = (0..<count).map { Int32($0 / 5) }
      let ratios = Self.numbers(count, "ratios")
      var powers = [Double](repeating: .nan, count: count + 1)
      mk_exp_margins(&powers, scores, tokens, labels, ratios, offset, count)
      let margins = (0..<count).map {
        ((scores[Int(tokens[$0])] - scores[Int(labels[$0])]) + ratios[$0]) - offset
      }
      #expect(Array(powers.prefix(count)) == Kernels.exp(margins))
      #expect(powers[count].isNaN, "nothing is written behind the last")
    }
  }

  @Test(arguments: 1...8)
  func bothProductsAreThoseOfTheGeneralKernel(rows: Int) {
    for inner in 1...8 {
      let b = Self.numbers(rows * rows, "B")
      var g = Self.numbers(rows * 8, "G")
      let a = Self.numbers(inner * 8, "A")
      for hasNaN in [false, true] {
        if hasNaN { g[0] = .nan }
        var (half, expected) = (Self.numbers(rows * 8, "half"), Self.numbers(rows * 8, "C"))
        mk_product(rows, 8, inner, g, 8, a, 8, &half, 8)
        mk_product(rows, 8, rows, b, rows, half, 8, &expected, 8)
        var (result, dots) = ([Double](repeating: 9, count: rows * 8), [0.0, 0.0])
        mk_sandwich(rows, inner, b, g, a, &result, &dots)
        #expect(result.map(\.bitPattern) == expected.map(\.bitPattern))
        #expect(dots[0].bitPattern == Kernels.dot(g, expected).bitPattern)
        #expect(dots[1].bitPattern == Kernels.dot(g, g).bitPattern)
      }
    }
  }
}
