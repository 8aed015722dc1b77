import CKernels
import Foundation
import Testing

@testable import Theory

/// `exp` and `log` against correctly rounded values of References/make_elementary.py.
@Suite struct ElementaryTests {
  /// An argument, its correctly rounded image, and (exact − rounded) in units of the last place.
  struct Reference {
    let argument: Double
    let value: Double
    let rest: Double
  }

  /// The first half of the file is of exp, the second of ln.
  static let references: [Reference] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "References/elementary.bin")
    guard let data = try? Data(contentsOf: file) else { return [] }
    let bytes = [UInt8](data)
    func word<Word: FixedWidthInteger>(_ type: Word.Type, at offset: Int) -> Word {
      (0..<MemoryLayout<Word>.size).reversed().reduce(0) { $0 << 8 | Word(bytes[offset + $1]) }
    }
    return stride(from: 0, to: bytes.count, by: 20).map { offset in
      Reference(
        argument: Double(bitPattern: word(UInt64.self, at: offset)),
        value: Double(bitPattern: word(UInt64.self, at: offset + 8)),
        rest: Double(Float(bitPattern: word(UInt32.self, at: offset + 16))))
    }
  }()

  static let exps = references.prefix(references.count / 2)
  static let logs = references.suffix(references.count / 2)

  /// The largest error in units of the last place, and the number of results that are wrong
  /// where they must be exact.
  private func errors(
    _ references: ArraySlice<Reference>, _ results: [Double]
  ) -> (normal: Double, subnormal: Double, wrong: Int) {
    var (normal, subnormal, wrong) = (0.0, 0.0, 0)
    for (reference, result) in zip(references, results) {
      guard reference.value.isFinite, result.isFinite else {
        if reference.value != result { wrong += 1 }
        continue
      }
      let error = abs((result - reference.value) / reference.value.ulp - reference.rest)
      if abs(reference.value) < .leastNormalMagnitude {
        subnormal = max(subnormal, error)
      } else {
        normal = max(normal, error)
      }
    }
    return (normal, subnormal, wrong)
  }

  @Test func theReferencesAreThere() {
    #expect(Self.references.count == 20_000)
  }

  @Test func expIsWithinSixTenthsOfTheLastPlace() {
    let errors = errors(Self.exps, Kernels.exp(Self.exps.map(\.argument)))
    #expect(errors.normal < 0.61)
    #expect(errors.subnormal < 0.76)
    #expect(errors.wrong == 0)
  }

  @Test func logIsWithinTwoThirdsOfTheLastPlace() {
    let errors = errors(Self.logs, Kernels.log(Self.logs.map(\.argument)))
    #expect(errors.normal < 0.65)
    #expect(errors.wrong == 0)
  }

  @Test func expOfSpecialValues() {
    #expect(Kernels.exp(0.0) == 1)
    #expect(Kernels.exp(-0.0) == 1)
    #expect(Kernels.exp(Double.infinity) == .infinity)
    #expect(Kernels.exp(-Double.infinity).bitPattern == 0)
    #expect(Kernels.exp(709.782712893384) < .infinity)
    #expect(Kernels.exp(709.7827128933841) == .infinity)
    #expect(Kernels.exp(-745.1332191019411) == Double.leastNonzeroMagnitude)
    #expect(Kernels.exp(-745.1332191019412).bitPattern == 0)
  }

  @Test func logOfSpecialValues() {
    #expect(Kernels.log(1.0).bitPattern == 0)
    #expect(Kernels.log(0.0) == -.infinity)
    #expect(Kernels.log(-0.0) == -.infinity)
    #expect(Kernels.log(Double.infinity) == .infinity)
    #expect(Kernels.log(Double.leastNonzeroMagnitude) == -744.4400719213812)
  }

  @Test(arguments: [Double.nan, -.nan, .signalingNaN, Double(bitPattern: 0xfff8_0000_0000_1234)])
  func aNaNGivesTheCanonicalNaN(argument: Double) {
    #expect(Kernels.exp(argument).bitPattern == 0x7ff8_0000_0000_0000)
    #expect(Kernels.log(argument).bitPattern == 0x7ff8_0000_0000_0000)
  }

  @Test(arguments: [-Double.leastNonzeroMagnitude, -1, -Double.infinity])
  func theLogarithmBelowZeroIsTheCanonicalNaN(argument: Double) {
    #expect(Kernels.log(argument).bitPattern == 0x7ff8_0000_0000_0000)
  }

  @Test func anElementDoesNotDependOnItsPlace() {
    let arguments = Self.exps.prefix(60).map(\.argument) + Self.logs.prefix(60).map(\.argument)
    for count in 0..<40 {
      let part = Array(arguments.suffix(from: count).prefix(count))
      #expect(Kernels.exp(part) == part.map { Kernels.exp($0) })
      #expect(Kernels.log(part).map(\.bitPattern) == part.map { Kernels.log($0).bitPattern })
    }
  }
}
