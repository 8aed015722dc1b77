import Testing

@testable import Theory

@Suite struct PhiloxTests {
  /// The known-answer vectors of Random123 1.14, file `kat_vectors`, `philox4x32 10`.
  @Test func knownAnswers() {
    #expect(
      Philox.block(counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0))
        == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      Philox.block(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      Philox.block(
        counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
        key: SIMD2(0xa409_3822, 0x299f_31d0))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  /// The document of `Stream`, followed step by step.
  @Test func aStreamIsThePhiloxSequenceOfItsName() {
    let seed = 0x0123_4567_89ab_cdef
    var stream = Stream(kind: "data", seed: seed, purpose: "tokens/0")
    var hash: UInt64 = 14_695_981_039_346_656_037
    for name in ["mechanics.stream.1", "data", "tokens/0"] {
      let length = [UInt8(name.utf8.count), 0, 0, 0, 0, 0, 0, 0]
      for byte in length + Array(name.utf8) {
        hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211
      }
    }
    let name = (UInt32(truncatingIfNeeded: hash), UInt32(hash >> 32))
    for index in UInt32(0)..<3 {
      let block = Philox.block(
        counter: SIMD4(index, 0, name.0, name.1), key: SIMD2(0x89ab_cdef, 0x0123_4567))
      #expect(stream.next() == UInt64(block[1]) << 32 | UInt64(block[0]))
      #expect(stream.next() == UInt64(block[3]) << 32 | UInt64(block[2]))
    }
  }

  /// RFC 9923's FNV-1a constants give this for the empty string after no byte at all.
  @Test func theHashOfNothingIsItsOffset() {
    #expect(Stream.hash([]) == 0xcbf2_9ce4_8422_2325)
  }

  @Test func namesDoNotRunIntoEachOther() {
    #expect(Stream.hash(["ab", "c"]) != Stream.hash(["a", "bc"]))
    #expect(Stream.hash(["ab", ""]) != Stream.hash(["", "ab"]))
  }
}
