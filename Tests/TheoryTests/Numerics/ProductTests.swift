import CKernels
import Testing

@testable import Theory

/// Matrix products against the chain that defines them, bit for bit.
@Suite struct ProductTests {
  /// A product's operands; rows lie farther apart than they are long.
  struct Operands {
    let (m, n, k): (Int, Int, Int)
    let (lda, ldb, ldc): (Int, Int, Int)
    let a, b: [Double]
    var c: [Double]

    init(_ m: Int, _ n: Int, _ k: Int, transposed: Bool) {
      (self.m, self.n, self.k) = (m, n, k)
      (lda, ldb, ldc) = ((transposed ? m : k) + 3, n + 1, n + 2)
      a = Self.numbers((transposed ? k : m) * lda, "a")
      b = Self.numbers(k * ldb, "b")
      c = Self.numbers(m * ldc, "c")
    }

    private static func numbers(_ count: Int, _ purpose: String) -> [Double] {
      var stream = Stream(kind: "test", seed: 2, purpose: purpose)
      return (0..<count).map { _ in stream.uniform(within: 1) }
    }
  }

  /// C by the definition: one chain of fma per element.
  private func chained(_ x: Operands, transposed: Bool) -> [Double] {
    var c = x.c
    for i in 0..<x.m {
      for j in 0..<x.n {
        for p in 0..<x.k {
          let factor = transposed ? x.a[p * x.lda + i] : x.a[i * x.lda + p]
          c[i * x.ldc + j].addProduct(factor, x.b[p * x.ldb + j])
        }
      }
    }
    return c
  }

  private func multiplied(_ x: Operands, transposed: Bool) -> [Double] {
    var c = x.c
    let kernel = transposed ? mk_gemm_tn : mk_gemm
    kernel(x.m, x.n, x.k, x.a, x.lda, x.b, x.ldb, &c, x.ldc)
    return c
  }

  @Test(arguments: [false, true])
  func allSizesUpToTwenty(transposed: Bool) {
    for m in 0...20 {
      for n in 0...20 {
        for k in 0...20 {
          let x = Operands(m, n, k, transposed: transposed)
          let right = multiplied(x, transposed: transposed) == chained(x, transposed: transposed)
          if !right { Issue.record("\(m) × \(n) × \(k)") }
        }
      }
    }
  }

  /// Sizes around those of the blocks, panels and slices, also with the packing of large operands.
  @Test(
    arguments: [false, true],
    [[47, 50, 191], [97, 385, 193], [130, 400, 400], [200, 7, 2000], [105, 780, 323]])
  func largeSizes(transposed: Bool, size: [Int]) {
    let x = Operands(size[0], size[1], size[2], transposed: transposed)
    #expect(multiplied(x, transposed: transposed) == chained(x, transposed: transposed))
  }

  /// One row, and an inner index of 1: kernels of their own, with the bits of the product.
  @Test func rowsAndOuterProductsAreProducts() {
    for n in 0...70 {
      for k in [0, 1, 2, 7, 20] {
        var x = Operands(1, n, k, transposed: false)
        x.c = x.c.map { _ in 0 }
        var row = x.c
        mk_row(n, k, x.a, x.b, x.ldb, &row)
        if row != chained(x, transposed: false) { Issue.record("1 × \(n) × \(k)") }
        let y = Operands(k, n, 1, transposed: true)
        var outer = y.c
        mk_outer(k, n, y.a, y.b, &outer, y.ldc)
        if outer != chained(y, transposed: true) { Issue.record("\(k) × \(n) × 1") }
      }
    }
  }

  @Test func anUndefinedElementIsTheCanonicalNaN() {
    var c = [-Double.nan, 1, .infinity]
    mk_gemm(1, 3, 1, [1.0], 1, [1.0, 2, -.infinity], 3, &c, 3)
    let expected: [UInt64] = [0x7ff8 << 48, (3.0).bitPattern, 0x7ff8 << 48]
    #expect(c.map(\.bitPattern) == expected)
    c = [-Double.nan, 1, .infinity]
    mk_outer(1, 3, [1.0], [1.0, 2, -.infinity], &c, 3)
    #expect(c.map(\.bitPattern) == expected)
    mk_row(1, 1, [0.0], [-.infinity], 1, &c)
    #expect(c[0].bitPattern == expected[0])
  }
}
