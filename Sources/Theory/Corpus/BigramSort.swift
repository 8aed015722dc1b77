/// The positions of a piece of a corpus, in the order of their last token and label: a radix sort of
/// 8-byte records, one a position.
///
/// To sort the edges themselves would be to sort T records a position. Positions of one bigram
/// (last token, label) lie together after this sort, so the repetitions of their edges are found
/// with one mark a token, and only what is left is written.
struct BigramSort {
  /// The most positions of a piece.
  static let limit = 1 << 24
  /// The most bits of a token.
  static let tokenBits = 20
  private static let positionBits = UInt64(24)

  private let bits: Int
  private var records: [UInt64] = []
  private var spare: [UInt64] = []
  /// What was read ahead: kept, or the compiler would leave the reading out.
  private var unwanted: UInt32 = 0

  /// - Parameter vocabulary: K; tokens are below it.
  init(vocabulary: Int) {
    precondition(vocabulary <= 1 << Self.tokenBits, "a vocabulary of \(vocabulary) tokens")
    bits = max(1, Int.bitWidth - (vocabulary - 1).leadingZeroBitCount)
  }

  /// The bytes that a position takes.
  static let bytesPerPosition = 16

  /// Calls `body` with positions of one bigram, in increasing order; of a frequent one several times.
  /// - Parameters:
  ///   - positions: of the last tokens; each is followed by its label.
  ///   - context: how many tokens up to each position `body` reads.
  ///   - body: `isNew` tells that these are the first positions of their bigram.
  mutating func forEach(
    in tokens: UnsafeBufferPointer<UInt32>, _ positions: Range<Int>, context: Int,
    _ body: (
      _ last: UInt32, _ label: UInt32, _ isNew: Bool, Slice<UnsafeBufferPointer<UInt64>>
    ) -> Void
  ) {
    precondition(positions.upperBound <= Self.limit && positions.upperBound < tokens.count)
    precondition(positions.lowerBound >= context - 1)
    sort(tokens, positions)
    records.withUnsafeBufferPointer { records in
      let (mask, records) = (UInt64(1) << UInt64(bits) - 1, records.prefix(positions.count))
      var previous = UInt64.max
      var rest = records
      var block = rest.prefix(Self.block)
      readAhead(block, tokens, context)
      while !block.isEmpty {
        rest = rest.dropFirst(block.count)
        let next = rest.prefix(Self.block)
        readAhead(next, tokens, context)
        while let first = block.first {
          let bigram = first >> Self.positionBits
          let group = block.prefix { $0 >> Self.positionBits == bigram }
          body(
            UInt32(truncatingIfNeeded: bigram >> UInt64(bits)),
            UInt32(truncatingIfNeeded: bigram & mask), bigram != previous, group)
          previous = bigram
          block = block.dropFirst(group.count)
        }
        block = next
      }
    }
  }

  /// Reads the ends of what will be read soon: sorted positions lie anywhere in the text, and many
  /// reads at once wait no longer than one.
  private mutating func readAhead(
    _ records: Slice<UnsafeBufferPointer<UInt64>>, _ tokens: UnsafeBufferPointer<UInt32>,
    _ context: Int
  ) {
    for record in records {
      let position = Self.position(record)
      unwanted &+= tokens[position] &+ tokens[position &- context &+ 1]
    }
  }

  /// How many positions are read ahead.
  private static let block = 64

  /// The position that a record stands for.
  @inline(__always)
  static func position(_ record: UInt64) -> Int {
    Int(truncatingIfNeeded: record & (1 << positionBits - 1))
  }

  /// Least significant digit first, digits of at most 11 bits, so that the counts fit the first-level
  /// cache.
  private mutating func sort(_ tokens: UnsafeBufferPointer<UInt32>, _ positions: Range<Int>) {
    if records.count < positions.count {
      records = .init(repeating: 0, count: positions.count)
      spare = records
    }
    for (index, position) in positions.enumerated() {
      let bigram = UInt64(tokens[position]) << UInt64(bits) | UInt64(tokens[position + 1])
      records[index] = bigram << Self.positionBits | UInt64(position)
    }
    let passes = (2 * bits + 10) / 11
    let width = (2 * bits + passes - 1) / passes
    for pass in 0..<passes {
      RadixPass(shift: Int(Self.positionBits) + pass * width, width: width)
        .run(records, count: positions.count, into: &spare)
      swap(&records, &spare)
    }
  }
}

/// One stable pass of a radix sort.
package struct RadixPass {
  private let shift: UInt64
  private let width: Int

  package init(shift: Int, width: Int) { (self.shift, self.width) = (UInt64(shift), width) }

  /// Puts the first `count` of `records` into `target`, in the order of one digit.
  package func run(_ records: [UInt64], count: Int, into target: inout [UInt64]) {
    let mask = UInt64(1) << UInt64(width) - 1
    let shift = shift
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 1 << width) { starts in
      starts.initialize(repeating: 0)
      records.withUnsafeBufferPointer { records in
        target.withUnsafeMutableBufferPointer { target in
          for index in 0..<count {
            starts[Int(truncatingIfNeeded: records[index] >> shift & mask)] &+= 1
          }
          var sum = 0
          for digit in starts.indices { (starts[digit], sum) = (sum, sum + starts[digit]) }
          for index in 0..<count {
            let record = records[index]
            let digit = Int(truncatingIfNeeded: record >> shift & mask)
            target[starts[digit]] = record
            starts[digit] &+= 1
          }
        }
      }
    }
  }
}
