import TestSupport
import Testing

@testable import Canonical

@Suite struct EncodingTests {
  @Test func valuesAreOneExactlyIfTheirEncodingsAre() {
    var source = SplitMix(state: 3)
    var pairs = 0
    for _ in 0..<300 {
      let values = (0..<20).map { _ in Value.random(&source, depth: 2) }
      let encodings = values.map { Encoding($0).bytes }
      for left in values.indices {
        for right in values.indices {
          let same = values[left].means(values[right])
          pairs += same && left != right ? 1 : 0
          #expect(same == (encodings[left] == encodings[right]))
        }
      }
    }
    #expect(pairs > 1000, "the draw has too few equal values to say anything")
  }

  @Test func noEncodingIsTheStartOfAnother() {
    var source = SplitMix(state: 4)
    let encodings = Set((0..<400).map { _ in Encoding(Value.random(&source)).bytes })
    for left in encodings {
      for right in encodings where left != right { #expect(!right.starts(with: left)) }
    }
  }

  @Test func itemsDoNotRunIntoEachOther() {
    var (left, right) = (Encoding(), Encoding())
    left.append("ab")
    left.append("c")
    right.append("a")
    right.append("bc")
    #expect(left.bytes != right.bytes)
  }

  /// The order of a dictionary changes at every run; this is the encoding on every one.
  @Test func theKeysOfAMapAreInTheOrderOfTheirBytes() {
    let map: Value = ["b": 1, "a": true, "é": .null]
    let key = { (key: String) in
      [0x73, UInt8(key.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(key.utf8)
    }
    #expect(
      Encoding(map).bytes
        == [0x6d, 3, 0, 0, 0, 0, 0, 0, 0] + key("a") + [0x62, 1] + key("b")
        + [0x69, 1, 0, 0, 0, 0, 0, 0, 0] + key("é") + [0x30])
  }

  @Test func bothZerosAreOneAndSoAreAllNaNs() {
    #expect(Encoding(.number(0)).bytes == Encoding(.number(-0.0)).bytes)
    #expect(
      Encoding(.number(.nan)).bytes
        == Encoding(.number(-.init(nan: 7, signaling: true))).bytes)
    #expect(Encoding(.number(1)).bytes != Encoding(.integer(1)).bytes)
  }
}
