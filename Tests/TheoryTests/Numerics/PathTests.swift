import CKernels
import Foundation
import Testing

@testable import Theory

/// Every vector path gives the same bits.
///
/// Other tests may run while a path is chosen here; their results do not depend on it.
@Suite(.serialized) struct PathTests {
  static let names = ["generic", "avx2", "avx512"]

  /// The bits of all kernels' results on one path.
  private func bits() -> [UInt64] {
    let x = ReductionTests.numbers(317)
    let y = ReductionTests.numbers(317, purpose: "others")
    let least = Double.leastNonzeroMagnitude
    let odd = [.nan, -.nan, .infinity, -.infinity, 0, -0.0, least, -1, -745.13, 709.78] + x
    var axpy = y
    mk_axpy(&axpy, -1.5, x, x.count)
    let product = Matrix(rows: 5, columns: 60, elements: Array(x.prefix(300)))
    let other = Matrix(rows: 60, columns: 5, elements: Array(y.prefix(300)))
    var dots = [Double](repeating: 0, count: 7)
    mk_dots(&dots, x, 40, 7, y, 37)
    var (row, outer) = ([Double](repeating: 0, count: 75), x)
    mk_row(75, 3, y, x, 80, &row)
    mk_outer(5, 37, y, x, &outer, 60)
    var words = [UInt32](repeating: 0, count: 44)
    mk_philox(&words, [1, 2], [3, 4], 0xffff_fffa, 11)
    var counts = [UInt32](repeating: 0, count: 19)
    mk_count_at_least(&counts, words, 19, words, 44)
    let (tokens, labels) = ((0..<45).map { Int32($0 * 7 % 317) }, (0..<45).map { Int32($0 / 4) })
    var powers = [Double](repeating: 0, count: 45)
    mk_exp_margins(&powers, x, tokens, labels, y, 0.5, 45)
    var (sandwich, inner) = ([Double](repeating: 0, count: 56), [0.0, 0.0])
    mk_sandwich(7, 8, x, y, x, &sandwich, &inner)
    var lowered = x
    mk_lower(&lowered, x.count)
    let results: [[Double]] = [
      dots, lowered, row, powers, sandwich, inner, outer, (words + counts).map(Double.init),
      Kernels.exp(odd), Kernels.log(odd), Kernels.log(x.map(\.magnitude)), axpy,
      [Kernels.sum(x), Kernels.dot(x, y)],
      (product * other).elements, (other * product).elements,
    ]
    return results.joined().map(\.bitPattern)
  }

  @Test func allPathsGiveTheSameBits() {
    defer { #expect(mk_select_simd(nil) == 1) }
    var seen: [String: [UInt64]] = [:]
    for name in Self.names where mk_select_simd(name) == 1 {
      #expect(Kernels.simd == name)
      seen[name] = bits()
    }
    #expect(seen["generic"] != nil)
    for (name, bits) in seen { #expect(bits == seen["generic"], "\(name)") }
  }

  @Test func anUnknownPathIsRefused() {
    let before = Kernels.simd
    #expect(mk_select_simd("sse9") == 0)
    #expect(Kernels.simd == before)
  }

  @Test func theEnvironmentCapsThePath() async {
    await #expect(processExitsWith: .success) {
      setenv("MECHANICS_SIMD", "generic", 1)
      guard Kernels.simd == "generic", mk_simd_requested_valid() == 1 else { exit(1) }
      exit(0)
    }
  }

  @Test func anUnknownNameInTheEnvironmentIsNoCap() async {
    await #expect(processExitsWith: .success) {
      unsetenv("MECHANICS_SIMD")
      let widest = Kernels.simd
      setenv("MECHANICS_SIMD", "sse9", 1)
      guard mk_select_simd(nil) == 1, Kernels.simd == widest else { exit(1) }
      exit(mk_simd_requested_valid() == 0 ? 0 : 1)
    }
  }
}
