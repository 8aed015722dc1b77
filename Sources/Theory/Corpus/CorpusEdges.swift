/// The edges of the token-priority graphs of a corpus, which comes in pieces.
///
/// Every T consecutive tokens are a sequence X, and the token after them is its label y: it gives
/// the edges `y → j`, for every token `j ≠ y` of X, to the graph of X's last token
/// (Li et al., AISTATS 2024, section 2).
///
/// A batch of positions becomes a sorted run, in which every edge occurs once; when the runs in
/// memory are too many, they go to a ``RunStore``. Memory: the limit, and the largest single graph.
///
/// A run is a sequence of groups of words: last token, label, number of positions, number of edges,
/// and the tokens at which the edges end; ordered by last token and label.
package struct CorpusEdges<Store: RunStore> {
  /// The words before the tokens of a group.
  static var headerSize: Int { 4 }

  private let context: Int
  private let vocabulary: Int
  private let batch: Int
  private let memory: Int
  private var store: Store
  private var tokens: [UInt32] = []
  private var sort: BigramSort
  private var marks: [UInt32]
  private var mark: UInt32 = 0
  /// Runs in memory.
  private var runs: [[UInt32]] = []
  private var held = 0
  /// Where the runs lie that were written to the store.
  private var spilled: [Range<Int>] = []
  /// The tokens so far, N.
  package private(set) var length = 0

  /// - Parameters:
  ///   - context: T, at least 1.
  ///   - vocabulary: K; tokens are below it.
  ///   - memory: the bytes that batches and runs may take, about.
  package init(context: Int, vocabulary: Int, memory: Int, store: Store) {
    precondition(context >= 1)
    (self.context, self.vocabulary, self.memory, self.store) = (context, vocabulary, memory, store)
    let perPosition = BigramSort.bytesPerPosition + 4 + 4 * (context + Self.headerSize)
    batch = max(1, min(BigramSort.limit - context, memory / 2 / perPosition))
    sort = BigramSort(vocabulary: vocabulary)
    marks = .init(repeating: 0, count: vocabulary)
  }

  /// The number of runs that did not fit into memory.
  package var spills: Int { spilled.count }

  package mutating func append(_ piece: [UInt32]) throws {
    length += piece.count
    var rest = piece[...]
    while !rest.isEmpty {
      let part = rest.prefix(batch + context - tokens.count)
      tokens += part
      rest = rest.dropFirst(part.count)
      if tokens.count == batch + context { try endBatch() }
    }
  }

  /// Makes a run of the positions that have a whole sequence and a label.
  private mutating func endBatch() throws {
    guard tokens.count > context else { return }
    let run = makeRun()
    tokens.removeFirst(tokens.count - context)
    runs.append(run)
    held += 4 * run.count
    guard held > memory / 2 else { return }
    for run in runs {
      let start = spilled.last?.upperBound ?? 0
      try store.write(run)
      spilled.append(start..<start + run.count)
    }
    runs = []
    held = 0
  }

  private mutating func makeRun() -> [UInt32] {
    let positions = context - 1..<tokens.count - 1
    let (context, headerSize) = (context, Self.headerSize)
    return [UInt32](unsafeUninitializedCapacity: positions.count * (context + headerSize)) {
      run, used in
      tokens.withUnsafeBufferPointer { tokens in
        marks.withUnsafeMutableBufferPointer { marks in
          var place = 0
          sort.forEach(in: tokens, positions) { last, label, records in
            Self.renew(&mark, marks)
            marks[Int(label)] = mark
            var end = place + headerSize
            for record in records {
              let position = BigramSort.position(record)
              for index in position &- context &+ 1...position {
                let token = tokens[index]
                if marks[Int(token)] != mark {
                  marks[Int(token)] = mark
                  run[end] = token
                  end &+= 1
                }
              }
            }
            run[place] = last
            run[place + 1] = label
            run[place + 2] = UInt32(records.count)
            run[place + 3] = UInt32(end - place - headerSize)
            place = end
          }
          used = place
        }
      }
    }
  }

  /// A mark that no token has.
  private static func renew(_ mark: inout UInt32, _ marks: UnsafeMutableBufferPointer<UInt32>) {
    if mark == .max {
      marks.update(repeating: 0)
      mark = 0
    }
    mark += 1
  }

  /// Calls `body` with the graph of each last token that has one, in increasing order.
  package mutating func finish(_ body: (CorpusGraph) throws -> Void) throws {
    try endBatch()
    tokens = []
    var cursors =
      spilled.map { RunCursor(range: $0, piece: memory / 8 / spilled.count) }
      + runs.map { RunCursor(words: $0) }
    runs = []
    var builder = CorpusGraphBuilder(vocabulary: vocabulary)
    for index in cursors.indices { try cursors[index].begin(store) }
    while let last = cursors.compactMap(\.lastToken).min() {
      for index in cursors.indices {
        while cursors[index].lastToken == last { builder.add(try cursors[index].next(store)) }
      }
      try body(builder.graph(of: Int(last)))
    }
  }
}

/// Where the merging of runs stands in one of them.
private struct RunCursor {
  private var words: [UInt32]
  private var place = 0
  /// What has not been read from the store.
  private var rest: Range<Int>
  private let piece: Int

  init(words: [UInt32]) { (self.words, rest, piece) = (words, 0..<0, 0) }

  init(range: Range<Int>, piece: Int) {
    (words, rest, self.piece) = ([], range, max(1 << 14, piece / 4))
  }

  /// The last token of the next group; nil at the end.
  var lastToken: UInt32? { place < words.count ? words[place] : nil }

  mutating func begin(_ store: some RunStore) throws { try require(4, store) }

  /// Sees to it that the next `count` words are here, if there are so many.
  private mutating func require(_ count: Int, _ store: some RunStore) throws {
    guard place + count > words.count, !rest.isEmpty else { return }
    let more = min(rest.count, max(piece, count))
    words = Array(words[place...]) + (try store.read(at: rest.lowerBound, count: more))
    place = 0
    rest = rest.lowerBound + more..<rest.upperBound
  }

  /// The next group.
  mutating func next(_ store: some RunStore) throws -> ArraySlice<UInt32> {
    try require(4 + Int(words[place + 3]), store)
    let group = words[place..<place + 4 + Int(words[place + 3])]
    place = group.endIndex
    try require(4, store)
    return group
  }
}
