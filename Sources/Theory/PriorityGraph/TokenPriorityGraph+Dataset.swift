extension TokenPriorityGraph {
  /// The graphs of a dataset, one per last token that occurs, in increasing order of `lastToken`.
  ///
  /// For every sequence with last token `k` and label `y`, `G^(k)` has the edges `y → j` to every
  /// other token `j` of the sequence. Time O(tokens + (t² + K) / 64) per graph of `t` tokens.
  package static func all(of dataset: Dataset) -> [TokenPriorityGraph] {
    let sequences = GroupedSequences(dataset)
    let vocabulary = dataset.vocabulary
    var positions = TokenPositions(vocabulary: vocabulary)
    var graphs: [TokenPriorityGraph] = []
    for lastToken in 0..<vocabulary {
      let group = sequences.groups[lastToken]..<sequences.groups[lastToken + 1]
      guard !group.isEmpty else { continue }
      let tokens = positions.assign(
        sequences.tokens[sequences.starts[group.lowerBound]..<sequences.starts[group.upperBound]])
      var adjacency = BitMatrix(size: tokens.count)
      for member in group {
        let label = sequences.labels[member]
        for index in sequences.starts[member]..<sequences.starts[member + 1] {
          let token = sequences.tokens[index]
          if token != label { adjacency[positions[label], positions[token]] = true }
        }
      }
      graphs.append(
        TokenPriorityGraph(
          lastToken: lastToken, adjacency: adjacency, tokens: tokens, vocabulary: vocabulary))
    }
    return graphs
  }
}

/// A dataset's sequences grouped by last token, one after the other in flat arrays: to pass over an
/// array in an array costs reference counting, which is more than what is done with a few tokens.
private struct GroupedSequences {
  /// The offset of each last token's group, K + 1.
  private(set) var groups: [Int]
  /// The offset of each sequence's tokens, n + 1.
  private(set) var starts: [Int] = [0]
  private(set) var tokens: [Int] = []
  /// The label of each sequence.
  private(set) var labels: [Int] = []

  init(_ dataset: Dataset) {
    groups = .init(repeating: 0, count: dataset.vocabulary + 1)
    for sequence in dataset.sequences { groups[sequence[sequence.count - 1] + 1] += 1 }
    for token in 0..<dataset.vocabulary { groups[token + 1] += groups[token] }
    var order = [Int](repeating: 0, count: dataset.sequences.count)
    var next = groups
    var size = 0
    for (number, sequence) in dataset.sequences.enumerated() {
      let last = sequence[sequence.count - 1]
      order[next[last]] = number
      next[last] += 1
      size += sequence.count
    }
    starts.reserveCapacity(order.count + 1)
    labels.reserveCapacity(order.count)
    tokens.reserveCapacity(size)
    for number in order {
      tokens += dataset.sequences[number]
      starts.append(tokens.count)
      labels.append(dataset.labels[number])
    }
  }
}

/// Where each token stands in the sorted list of some.
private struct TokenPositions {
  private var position: [Int]
  /// The set of tokens as bits, 64 in a word; empty between calls.
  private var present: [UInt64]

  init(vocabulary: Int) {
    position = .init(repeating: 0, count: vocabulary)
    present = .init(repeating: 0, count: (vocabulary + 63) / 64)
  }

  subscript(token: Int) -> Int { position[token] }

  /// Gives positions to the tokens that occur in a list; returns them in increasing order.
  mutating func assign(_ list: ArraySlice<Int>) -> [Int] {
    for token in list { present[token >> 6] |= 1 << UInt64(token & 63) }
    var tokens: [Int] = []
    tokens.reserveCapacity(min(list.count, position.count))
    for word in present.indices {
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
