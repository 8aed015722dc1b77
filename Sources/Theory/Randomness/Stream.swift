private import CKernels

/// A stream of random bits, named by what it is drawn for.
///
/// Two streams with one name give the same bits on every machine, and streams with different names
/// are independent for all practical purposes, so what one part draws never shifts what another
/// part gets. The stream of (kind, seed, purpose) is the Philox4x32-10 sequence with
/// - key: the seed, as 64 bits, low word first;
/// - counter words 2 and 3: the 64-bit FNV-1a hash, low word first, of the bytes
///   `len(tag) tag len(kind) kind len(purpose) purpose`, the tag being `mechanics.stream.1`, names
///   in UTF-8 and each length as 8 bytes, least significant first;
/// - counter words 0 and 1: the number of the block, from 0, low word first.
///
/// A block gives two values of 64 bits: words 0 and 1, then words 2 and 3, low word first.
package struct Stream: Hashable, Sendable {
  /// The version of this derivation.
  private static let tag = "mechanics.stream.1"

  private let key: SIMD2<UInt32>
  private let name: SIMD2<UInt32>
  /// The number of the next block.
  private var index: UInt64 = 0
  /// The second half of the last block, if it has not been used.
  private var spare: UInt64?
  /// The second of the last pair of normal variates, if it has not been used.
  var spareNormal: Double?

  /// The stream's beginning.
  ///
  /// - Parameters:
  ///   - kind: the kind of stage that draws, for example `data`.
  ///   - seed: the user's seed, 0…2⁶³ − 1.
  ///   - purpose: what is drawn, for example `tokens`.
  package init(kind: String, seed: Int, purpose: String) {
    precondition(seed >= 0, "a seed is not negative")
    key = Self.words(UInt64(seed))
    name = Self.words(Self.hash([Self.tag, kind, purpose]))
  }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    if let value = spare {
      spare = nil
      return value
    }
    let low = Self.words(index)
    let block = Philox.block(counter: SIMD4(low[0], low[1], name[0], name[1]), key: key)
    index += 1
    spare = UInt64(block[3]) << 32 | UInt64(block[2])
    return UInt64(block[1]) << 32 | UInt64(block[0])
  }

  /// Fills in the words of `blocks` blocks from block `first` on, wherever ``next()`` stands.
  func fill(_ words: inout [UInt32], from first: UInt64, blocks: Int) {
    precondition(words.count >= 4 * blocks, "four words a block")
    mk_philox(&words, [key[0], key[1]], [name[0], name[1]], first, blocks)
  }

  private static func words(_ value: UInt64) -> SIMD2<UInt32> {
    SIMD2(UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32))
  }

  /// The FNV-1a hash of strings, each preceded by its length.
  ///
  /// Source: G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, RFC 9923.
  static func hash(_ names: [String]) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    for name in names {
      let length = UInt64(name.utf8.count)
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        add(UInt8(truncatingIfNeeded: length >> shift))
      }
      name.utf8.forEach(add)
    }
    return hash
  }
}
