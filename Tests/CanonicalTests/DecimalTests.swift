import Foundation
import TestSupport
import Testing

@testable import Canonical

@Suite struct DecimalTests {
  @Test(arguments: [
    (0, "0"), (-0.0, "0"), (3, "3"), (-3, "-3"), (0.1, "0.1"), (1e-5, "1e-5"), (1e22, "1e22"),
    (1.5e300, "1.5e300"), (.leastNonzeroMagnitude, "5e-324"),
    (1.7976931348623157e308, "1.7976931348623157e308"),
    (9_007_199_254_740_992, "9007199254740992"), (0.0001, "0.0001"), (123_456.789, "123456.789"),
  ])
  func spelling(value: Double, text: String) {
    #expect(Canonical.Decimal.text(value) == text)
  }

  @Test(arguments: [
    (0, "0"), (0.123456789, "0.12346"), (-0.000123456, "-0.00012346"), (123_456.7, "123457"),
    (1.23456789e-20, "1.2346e-20"), (9.999996e-7, "1e-6"), (0.6666666666666666, "0.66667"),
    (1.23456789e300, "1.2346e300"), (.leastNonzeroMagnitude, "5e-324"), (-1.0, "-1"),
  ])
  func shortenedToFiveDigits(value: Double, text: String) {
    #expect(Canonical.Decimal.text(Canonical.Decimal.shortened(value, digits: 5)) == text)
  }

  @Test func whatIsNoNumberHasNoSpelling() {
    for value in [Double.nan, .infinity, -.infinity, .signalingNaN] {
      #expect(Canonical.Decimal.text(value) == nil)
    }
  }

  @Test func everyBitPatternReadsBack() {
    var source = SplitMix(state: 9)
    for _ in 0..<100_000 {
      let value = Double(bitPattern: source.next())
      guard let text = Canonical.Decimal.text(value) else {
        #expect(!value.isFinite)
        continue
      }
      #expect(Double(text) == value)
      #expect(!text.contains("+") && !text.hasSuffix(".0") && !text.contains(".0e"))
    }
  }

  /// One digit less would not do: no shorter mantissa reads back.
  @Test func noShorterDecimalReadsBack() throws {
    var source = SplitMix(state: 10)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: source.next())
      guard value.isFinite, value != 0 else { continue }
      let text = try #require(Canonical.Decimal.text(value))
      let digits = text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
      let count = String(digits.reversed().drop { $0 == "0" }).count
      guard count > 1 else { continue }
      #expect(Double(DecimalTests.rounded(value, digits: count - 1)) != value)
    }
  }

  /// The nearest decimal with so many digits, as the C library writes it.
  private static func rounded(_ value: Double, digits: Int) -> String {
    String(format: "%.\(digits - 1)e", value)
  }
}
