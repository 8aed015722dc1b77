extension TokenPriorityGraph {
  /// The graphs of a dataset, one per last token that occurs, in increasing order of `lastToken`.
  ///
  /// For every sequence with last token `k` and label `y`, `G^(k)` has the edges `y → j` to every
  /// other token `j` of the sequence. Time O(tokens + t² / 64) per graph of `t` tokens.
  package static func all(of dataset: Dataset) -> [TokenPriorityGraph] {
    let vocabulary = dataset.vocabulary
    var position = [Int](repeating: -1, count: vocabulary)
    return sequencesByLastToken(dataset).map { lastToken, members in
      var tokens: [Int] = []
      tokens.reserveCapacity(16)
      for member in members {
        for token in dataset.sequences[member] where position[token] < 0 {
          position[token] = 0
          tokens.append(token)
        }
      }
      tokens.sort()
      for (index, token) in tokens.enumerated() { position[token] = index }
      var adjacency = BitMatrix(size: tokens.count)
      for member in members {
        let label = dataset.labels[member]
        for token in dataset.sequences[member] where token != label {
          adjacency[position[label], position[token]] = true
        }
      }
      for token in tokens { position[token] = -1 }
      return TokenPriorityGraph(
        lastToken: lastToken, adjacency: adjacency, tokens: tokens, vocabulary: vocabulary)
    }
  }

  /// The sequences' numbers grouped by last token, both in increasing order.
  private static func sequencesByLastToken(_ dataset: Dataset) -> [(Int, ArraySlice<Int>)] {
    var starts = [Int](repeating: 0, count: dataset.vocabulary + 1)
    for sequence in dataset.sequences { starts[sequence[sequence.count - 1] + 1] += 1 }
    for token in 0..<dataset.vocabulary { starts[token + 1] += starts[token] }
    var sorted = [Int](repeating: 0, count: dataset.sequences.count)
    var next = starts
    for (number, sequence) in dataset.sequences.enumerated() {
      let last = sequence[sequence.count - 1]
      sorted[next[last]] = number
      next[last] += 1
    }
    return (0..<dataset.vocabulary).compactMap { token in
      let members = sorted[starts[token]..<starts[token + 1]]
      return members.isEmpty ? nil : (token, members)
    }
  }
}
