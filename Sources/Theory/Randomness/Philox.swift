/// Philox4x32-10, a counter-based generator: a fixed bijection of 128 bits for every 64-bit key.
///
/// There is no state to carry along, so any block of a stream can be computed by itself. Source:
/// J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, *Parallel random numbers: as easy as 1, 2, 3*,
/// SC 2011, doi:10.1145/2063384.2063405; test vectors from the authors' Random123 1.14.
package enum Philox {
  /// The block of four words at a counter.
  ///
  /// - Parameters:
  ///   - counter: four words, least significant first.
  ///   - key: two words, least significant first.
  package static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var (counter, key) = (counter, key)
    for _ in 0..<9 {
      counter = round(counter, key)
      key &+= weyl
    }
    return round(counter, key)
  }

  private static func round(_ counter: SIMD4<UInt32>, _ key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    let left = UInt64(counter[0]) &* 0xD251_1F53
    let right = UInt64(counter[2]) &* 0xCD9E_8D57
    return SIMD4(
      UInt32(right >> 32) ^ counter[1] ^ key[0], UInt32(truncatingIfNeeded: right),
      UInt32(left >> 32) ^ counter[3] ^ key[1], UInt32(truncatingIfNeeded: left))
  }

  /// What the key grows by from round to round: the golden ratio and √3 − 1.
  private static var weyl: SIMD2<UInt32> { SIMD2(0x9E37_79B9, 0xBB67_AE85) }
}
