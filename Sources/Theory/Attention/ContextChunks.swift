/// How a pass over the contexts is cut into chunks: by whole last tokens, so that each chunk has rows
/// of the scores to itself, and at least so many tokens that a start pays and the first-level cache
/// is used. The cut follows from the contexts alone.
struct ContextChunks {
  private let contexts: [Int]
  private let rows: [Int]
  private let stride: Int
  private let shares: ContextShares
  private let workers: Workers

  private static let tokens = 2048
  /// Of fewer chunks, another thread's share is not worth its start.
  private static let leastShared = 8

  /// - Parameter stride: from one row of scores to the next.
  init(_ contexts: Contexts, _ shares: ContextShares, stride: Int, workers: Workers) {
    var (ends, rows) = ([0], [0])
    for context in 0..<contexts.count {
      let isLast = context + 1 == contexts.count
      let tokens = contexts.starts[context + 1] - contexts.starts[ends[ends.count - 1]]
      if isLast
        || tokens >= Self.tokens && contexts.queries[context + 1] != contexts.queries[context]
      {
        ends.append(context + 1)
        rows.append(contexts.queries[context] + 1)
      }
    }
    (self.contexts, self.rows, self.stride) = (ends, rows, stride)
    self.shares = shares
    self.workers = ends.count > Self.leastShared ? workers : .alone
  }

  /// Calls `body` for ranges of contexts that together are those with a share, after it has set
  /// their rows of `coefficients` to zero.
  @inline(__always)
  func forEach(
    clearing coefficients: UnsafeMutablePointer<Double>, _ body: (Range<Int>) -> Void
  ) {
    if let batch = shares.batch {
      clear(coefficients, rows[0]..<rows[rows.count - 1])
      for context in batch { body(context..<context + 1) }
    } else {
      workers(chunks: contexts.count - 1) { chunk in
        clear(coefficients, rows[chunk]..<rows[chunk + 1])
        body(contexts[chunk]..<contexts[chunk + 1])
      }
    }
  }

  /// The sum over the contexts with a share, in their order.
  @inline(__always)
  func sum(_ values: Block) -> Double {
    var sum = 0.0
    if let batch = shares.batch {
      for context in batch { sum += values.pointer[context] }
    } else {
      for context in 0..<values.count { sum += values.pointer[context] }
    }
    return sum
  }

  private func clear(_ coefficients: UnsafeMutablePointer<Double>, _ rows: Range<Int>) {
    (coefficients + rows.lowerBound * stride).update(repeating: 0, count: rows.count * stride)
  }
}

extension Contexts {
  /// The number of contexts of the last token that has the most.
  var busiest: Int {
    var counts = [Int](repeating: 0, count: lastTokens.count)
    for query in queries { counts[query] += 1 }
    return counts.max() ?? 0
  }
}
