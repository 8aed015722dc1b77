/// Where the merging of runs stands in one of them.
struct RunCursor {
  private var words: [UInt32]
  private var place = 0
  /// What has not been read from the store.
  private var rest: Range<Int>
  private let piece: Int
  /// The last token and label of the next group, 32 bits each; the largest number at the end.
  private(set) var bigram = UInt64.max

  init(words: [UInt32]) { (self.words, rest, piece) = (words, 0..<0, 0) }

  init(range: Range<Int>, piece: Int) {
    (words, rest, self.piece) = ([], range, max(1 << 14, piece / 4))
  }

  /// Looks at the next group; to be called once before the first.
  mutating func begin(_ store: some RunStore) throws {
    try require(4, store)
    bigram = place < words.count ? UInt64(words[place]) << 32 | UInt64(words[place + 1]) : .max
  }

  /// Sees to it that the next `count` words are here, if there are so many.
  private mutating func require(_ count: Int, _ store: some RunStore) throws {
    guard place + count > words.count, !rest.isEmpty else { return }
    let more = min(rest.count, max(piece, count))
    words = Array(words[place...]) + (try store.read(at: rest.lowerBound, count: more))
    place = 0
    rest = rest.lowerBound + more..<rest.upperBound
  }

  /// Calls `body` with the label, the number of positions and the tokens of the next group.
  mutating func next(
    _ store: some RunStore, _ body: (UInt32, Int, UnsafeBufferPointer<UInt32>) -> Void
  ) throws {
    let count = Int(words[place + 3])
    try require(4 + count, store)
    words.withUnsafeBufferPointer {
      let group = UnsafeBufferPointer(rebasing: $0[place + 4..<place + 4 + count])
      body($0[place + 1], Int($0[place + 2]), group)
    }
    place += 4 + count
    try begin(store)
  }
}
