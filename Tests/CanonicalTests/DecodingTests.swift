import TestSupport
import Testing

@testable import Canonical

@Suite struct DecodingTests {
  private static func value(_ bytes: [UInt8]) -> Value? {
    var decoding = Decoding(bytes[...])
    let value = decoding.value()
    return decoding.isAtEnd ? value : nil
  }

  @Test func whatWasEncodedReadsBack() {
    var source = SplitMix(state: 5)
    for _ in 0..<2000 {
      let value = Value.random(&source)
      #expect(DecodingTests.value(Encoding(value).bytes)?.means(value) == true)
    }
  }

  @Test func noTruncatedEncodingIsOne() {
    var source = SplitMix(state: 6)
    for _ in 0..<200 {
      let bytes = Encoding(Value.random(&source)).bytes
      for count in bytes.indices { #expect(DecodingTests.value(Array(bytes[..<count])) == nil) }
    }
  }

  /// Whatever is read from damaged bytes is encoded as those very bytes.
  @Test func damagedBytesAreRefusedOrMeanWhatTheySay() {
    var source = SplitMix(state: 7)
    for _ in 0..<5000 {
      var bytes = Encoding(Value.random(&source)).bytes
      for _ in 0..<Int.random(in: 1...3, using: &source) {
        let place = bytes.indices.randomElement(using: &source)!
        bytes[place] = UInt8.random(in: 0...255, using: &source)
      }
      if let value = DecodingTests.value(bytes) { #expect(Encoding(value).bytes == bytes) }
    }
  }

  @Test func garbageIsRefused() {
    var source = SplitMix(state: 8)
    for _ in 0..<5000 {
      let bytes = (0..<Int.random(in: 0...40, using: &source)).map { _ in
        UInt8.random(in: 0...255, using: &source)
      }
      if let value = DecodingTests.value(bytes) { #expect(Encoding(value).bytes == bytes) }
    }
  }

  @Test func listsWithoutEndDoNotExhaustTheStack() {
    let level: [UInt8] = [0x6c, 1, 0, 0, 0, 0, 0, 0, 0]
    let bytes = [UInt8]((0..<1_000_000).map { _ in level }.joined())
    #expect(DecodingTests.value(bytes) == nil)
  }

  @Test func aManifestMayBeAsDeepAsItsLimit() {
    let deep = (0..<100).reduce(Value.null) { inner, _ in .list([inner]) }
    #expect(DecodingTests.value(Encoding(deep).bytes) == deep)
  }

  @Test func keysOutOfOrderOrTwiceAreRefused() {
    func map(_ keys: [String]) -> [UInt8] {
      var encoding = Encoding()
      for key in keys {
        encoding.append(key)
        encoding.appendNull()
      }
      return [0x6d, UInt8(keys.count), 0, 0, 0, 0, 0, 0, 0] + encoding.bytes
    }
    #expect(DecodingTests.value(map(["a", "b"])) == ["a": .null, "b": .null])
    #expect(DecodingTests.value(map(["b", "a"])) == nil)
    #expect(DecodingTests.value(map(["a", "a"])) == nil)
    #expect(DecodingTests.value(map(["e\u{301}", "\u{e9}"])) == nil, "one string for Swift")
  }
}
