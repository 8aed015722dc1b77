import TestSupport
import Testing

@testable import Canonical

@Suite struct DigestTests {
  /// FIPS 180-4 examples of NIST, and the empty message of its test vectors (SHA256ShortMsg.rsp).
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func publishedVectors(message: String, digest: String) {
    #expect(Digest(of: message).hex == digest)
    #expect(Digest(of: Array(message.utf8)).hex == digest)
  }

  @Test func aMillionTimesA() {
    #expect(
      Digest(of: [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)).hex
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func hexadecimalDigitsReadBack() {
    var source = SplitMix(state: 1)
    for _ in 0..<1000 {
      let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &source) }
      let digest = bytes.withUnsafeBytes { Digest(bytes: $0) }
      #expect(digest.bytes == bytes)
      #expect(Digest(hex: digest.hex) == digest)
      #expect(digest.hex.hasPrefix(digest.short))
    }
  }

  @Test func wordsAboveTheLargestSignedOneHaveTheirDigits() {
    let bytes = [UInt8](repeating: 0xff, count: 32)
    let digest = bytes.withUnsafeBytes { Digest(bytes: $0) }
    #expect(digest.hex == String(repeating: "f", count: 64))
    #expect(Digest(hex: digest.hex) == digest)
  }

  @Test func theOrderIsThatOfTheBytes() {
    var source = SplitMix(state: 2)
    let digests = (0..<100).map { _ in Digest(of: "\(source.next())") }
    #expect(
      digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
  }

  @Test(arguments: [
    "", "0", String(repeating: "g", count: 64), String(repeating: "0", count: 63),
    String(repeating: "0", count: 65), "+" + String(repeating: "0", count: 63),
    "-" + String(repeating: "0", count: 63), String(repeating: "é", count: 32),
    String(repeating: "0", count: 16) + "-" + String(repeating: "0", count: 47),
  ])
  func whatIsNotSixtyFourDigitsIsNoDigest(text: String) {
    #expect(Digest(hex: text) == nil)
  }
}
