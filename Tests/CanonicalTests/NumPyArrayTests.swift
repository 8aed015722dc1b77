import Foundation
import Testing

@testable import Canonical

@Suite struct NumPyArrayTests {
  private static func file(_ header: String, data: Int = 16, version: UInt8 = 1) -> [UInt8] {
    [0x93] + Array("NUMPY".utf8) + [version, 0, UInt8(header.utf8.count), 0]
      + (version > 1 ? [0, 0] : []) + Array(header.utf8) + [UInt8](repeating: 0, count: data)
  }

  private static func header(_ shape: String) -> String {
    "{'descr': '<f8', 'fortran_order': False, 'shape': \(shape), }\n"
  }

  @Test(.enabled(if: Python.hasNumPy, "needs numpy"), arguments: [1, 2, 3])
  func filesOfNumPyAreRead(version: Int) throws {
    let hex = try Python.run(
      """
      import io, numpy as np
      out = io.BytesIO()
      np.lib.format.write_array(out, np.array([[1, -2.5, 3], [4, 5e-324, 6]]), (\(version), 0))
      print(out.getvalue().hex())
      """)
    let digits = Array(try #require(hex).dropLast())
    let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)
    }
    let array = try NumPyArray(bytes: bytes)
    #expect(array.shape == [2, 3])
    #expect(array.values == [1, -2.5, 3, 4, .leastNonzeroMagnitude, 6])
  }

  @Test(arguments: [("(2,)", [2]), ("(1, 2)", [1, 2]), ("(2,1,1)", [2, 1, 1])])
  func shapes(text: String, shape: [Int]) throws {
    for version in UInt8(1)...3 {
      let bytes = NumPyArrayTests.file(NumPyArrayTests.header(text), version: version)
      #expect(try NumPyArray(bytes: bytes).shape == shape)
    }
  }

  @Test func aScalarHasNoDimension() throws {
    let array = try NumPyArray(
      bytes: NumPyArrayTests.file(NumPyArrayTests.header("()"), data: 8))
    #expect(array.shape == [] && array.values == [0])
  }

  @Test(arguments: [
    "(3,)", "(-1, -2)", "(2305843009213693952, 2)", "(two,)", ")2(", "", "(2,", "2,)",
  ])
  func shapesThatDoNotFitAreRefused(shape: String) {
    #expect(throws: FormatError.self) {
      try NumPyArray(bytes: NumPyArrayTests.file(NumPyArrayTests.header(shape)))
    }
  }

  @Test(arguments: ["<f4", ">f8", "<i8", "|O"])
  func otherTypesAreRefused(type: String) {
    let header = NumPyArrayTests.header("(2,)").replacingOccurrences(of: "<f8", with: type)
    #expect(throws: FormatError.self) {
      try NumPyArray(bytes: NumPyArrayTests.file(header))
    }
  }

  @Test func versionsThatAreUnknownAreRefused() {
    for version in [0, 4, 255] as [UInt8] {
      #expect(throws: FormatError.self) {
        try NumPyArray(
          bytes: NumPyArrayTests.file(NumPyArrayTests.header("(2,)"), version: version))
      }
    }
  }

  @Test func noTruncatedFileIsRead() {
    let bytes = NumPyArrayTests.file(NumPyArrayTests.header("(2,)"))
    for count in bytes.indices {
      #expect(throws: FormatError.self) { try NumPyArray(bytes: Array(bytes[..<count])) }
    }
  }
}
