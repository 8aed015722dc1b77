extension TokenPriorityGraph {
  /// The graphs of a dataset, one per last token that occurs, in increasing order of `lastToken`.
  ///
  /// For every sequence with last token `k` and label `y`, `G^(k)` has the edges `y → j` to every
  /// other token `j` of the sequence. Time O(tokens + (t² + K) / 64) per graph of `t` tokens.
  package static func all(of dataset: Dataset) -> [TokenPriorityGraph] {
    let sequences = GroupedSequences(dataset)
    var positions = TokenPositions(vocabulary: dataset.vocabulary, arena: sequences.arena)
    var graphs: [TokenPriorityGraph] = []
    graphs.reserveCapacity(dataset.vocabulary)
    for lastToken in 0..<dataset.vocabulary {
      let group = sequences.groups[lastToken]..<sequences.groups[lastToken + 1]
      guard !group.isEmpty else { continue }
      let tokens = positions.assign(sequences, group)
      var adjacency = Condensation.Relation.matrix(nodes: tokens.count)
      let stride = adjacency.stride
      adjacency.withRows { rows in
        for member in group {
          let row = rows + positions[sequences.label(of: member)] * stride
          for token in sequences.tokens(of: member) {
            row[positions[token] >> 6] |= 1 << UInt64(positions[token] & 63)
          }
          // The label is one of the tokens, and no token is preferred to itself.
          let label = positions[sequences.label(of: member)]
          row[label >> 6] &= ~(1 << UInt64(label & 63))
        }
      }
      graphs.append(
        TokenPriorityGraph(
          lastToken: lastToken, adjacency: adjacency, tokens: tokens,
          vocabulary: dataset.vocabulary))
    }
    return graphs
  }
}

/// A dataset's sequences in flat memory, and which end in each token: to pass over an array in an
/// array costs reference counting, which is more than what is done with a few tokens.
private struct GroupedSequences {
  let arena = Arena()
  /// The offset of each last token's group, K + 1.
  let groups: UnsafeMutablePointer<Int>
  /// The numbers of the sequences, group by group.
  private let order: UnsafeMutablePointer<Int>
  /// The offset of each sequence's tokens, n + 1.
  private let starts: UnsafeMutablePointer<Int>
  private let tokens: UnsafeMutablePointer<Int>
  /// The label of each sequence.
  private let labels: UnsafeMutablePointer<Int>

  init(_ dataset: Dataset) {
    let (count, vocabulary) = (dataset.sequences.count, dataset.vocabulary)
    groups = arena.array(vocabulary + 2)
    order = arena.array(count)
    starts = arena.array(count + 1)
    labels = arena.array(count)
    tokens = arena.array(dataset.sequences.reduce(0) { $0 + $1.count })
    // Sequences are counted two places on, so that placing them one place on leaves the offsets.
    groups.initialize(repeating: 0, count: vocabulary + 2)
    starts[0] = 0
    for number in 0..<count {
      let start = tokens + starts[number]
      dataset.sequences[number].withUnsafeBufferPointer { sequence in
        start.initialize(from: sequence.baseAddress!, count: sequence.count)
        starts[number + 1] = starts[number] + sequence.count
        groups[sequence[sequence.count - 1] + 2] += 1
      }
      labels[number] = dataset.labels[number]
    }
    for token in 0..<vocabulary { groups[token + 1] += groups[token] }
    for number in 0..<count {
      let last = tokens[starts[number + 1] - 1]
      order[groups[last + 1]] = number
      groups[last + 1] += 1
    }
  }

  /// The tokens of the sequence at a place in `order`.
  func tokens(of member: Int) -> UnsafeBufferPointer<Int> {
    let number = order[member]
    return UnsafeBufferPointer(
      start: tokens + starts[number], count: starts[number + 1] - starts[number])
  }

  func label(of member: Int) -> Int { labels[order[member]] }
}

/// Where each token stands in the sorted list of some.
private struct TokenPositions {
  private let position: UnsafeMutablePointer<Int>
  /// The set of tokens as bits, 64 in a word; empty between calls.
  private let present: UnsafeMutablePointer<UInt64>
  private let words: Int

  init(vocabulary: Int, arena: Arena) {
    words = (vocabulary + 63) / 64
    position = arena.array(vocabulary)
    present = arena.array(words)
    present.initialize(repeating: 0, count: words)
  }

  subscript(token: Int) -> Int { position[token] }

  /// Gives positions to the tokens of some sequences; returns them in increasing order.
  mutating func assign(_ sequences: GroupedSequences, _ group: Range<Int>) -> [Int] {
    for member in group {
      for token in sequences.tokens(of: member) {
        present[token >> 6] |= 1 << UInt64(token & 63)
      }
    }
    var tokens: [Int] = []
    tokens.reserveCapacity((0..<words).reduce(0) { $0 + present[$1].nonzeroBitCount })
    for word in 0..<words {
      while present[word] != 0 {
        let token = word << 6 + present[word].trailingZeroBitCount
        position[token] = tokens.count
        tokens.append(token)
        present[word] &= present[word] - 1
      }
    }
    return tokens
  }
}
