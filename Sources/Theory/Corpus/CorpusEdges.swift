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
    // One more than all: a token that is not new is written, too, and overwritten by the next one.
    return [UInt32](unsafeUninitializedCapacity: positions.count * (context + headerSize) + 1) {
      run, used in
      tokens.withUnsafeBufferPointer { tokens in
        marks.withUnsafeMutableBufferPointer { marks in
          var (place, end) = (0, 0)
          sort.forEach(in: tokens, positions, context: context) { last, label, isNew, records in
            if isNew {
              Self.renew(&mark, marks)
              marks[Int(label)] = mark
              place = end
              (run[place], run[place + 1], run[place + 2]) = (last, label, 0)
              end = place + headerSize
            }
            for record in records {
              let position = BigramSort.position(record)
              for index in position &- context &+ 1...position {
                let token = tokens[index]
                run[end] = token
                end &+= marks[Int(token)] == mark ? 0 : 1
                marks[Int(token)] = mark
              }
            }
            run[place + 2] += UInt32(records.count)
            run[place + 3] = UInt32(end - place - headerSize)
          }
          used = end
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
  package mutating func finish(
    keepingEdges keepsEdges: Bool = false, _ body: (CorpusGraph) throws -> Void
  ) throws {
    try endBatch()
    tokens = []
    var cursors =
      spilled.map { RunCursor(range: $0, piece: memory / 8 / spilled.count) }
      + runs.map { RunCursor(words: $0) }
    runs = []
    let builder = CorpusGraphBuilder(vocabulary: vocabulary, keepsEdges: keepsEdges)
    for index in cursors.indices { try cursors[index].begin(store) }
    var last: UInt64?
    while true {
      var bigram = UInt64.max
      for index in cursors.indices { bigram = min(bigram, cursors[index].bigram) }
      if let last, last != bigram >> 32 { try body(builder.graph(of: Int(last))) }
      guard bigram < .max else { return }
      last = bigram >> 32
      for index in cursors.indices where cursors[index].bigram == bigram {
        try cursors[index].next(store) { builder.add($0, positions: $1, $2) }
      }
    }
  }
}
