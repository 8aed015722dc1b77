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
    // Scalars: taking vectors apart would cost more than the rounds.
    var (a, b, c, d) = (counter[0], counter[1], counter[2], counter[3])
    var (low, high) = (key[0], key[1])
    for _ in 0..<10 {
      let left = UInt64(a) &* 0xD251_1F53
      let right = UInt64(c) &* 0xCD9E_8D57
      (a, b) = (UInt32(right >> 32) ^ b ^ low, UInt32(truncatingIfNeeded: right))
      (c, d) = (UInt32(left >> 32) ^ d ^ high, UInt32(truncatingIfNeeded: left))
      // The key grows by the golden ratio and by √3 − 1.
      low &+= 0x9E37_79B9
      high &+= 0xBB67_AE85
    }
    return SIMD4(a, b, c, d)
  }
}
