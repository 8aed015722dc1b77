/// Whether every strongly connected component of every token-priority graph is a single token.
///
/// The graph of last token `k` has an edge from the label to every other token of each sequence that
/// ends with `k`. All components are single exactly if the graph has no cycle, which holds exactly
/// if its nodes can be removed one after the other, each without incoming edges when its turn comes
/// (A. B. Kahn 1962, doi:10.1145/368996.369025). Edges may be counted repeatedly.
///
/// - Complexity: O(nT + K) per last token that occurs.
package func isAcyclic(sequences: [[Int]], labels: [Int], vocabulary: Int) -> Bool {
  var members: [[Int]] = .init(repeating: [], count: vocabulary)
  for (index, sequence) in sequences.enumerated() {
    members[sequence[sequence.count - 1]].append(index)
  }
  return members.allSatisfy { members in
    // A graph of one sequence is a star.
    members.count < 2
      || isAcyclic(members.map { (labels[$0], sequences[$0]) }, vocabulary: vocabulary)
  }
}

private func isAcyclic(_ stars: [(label: Int, tokens: [Int])], vocabulary: Int) -> Bool {
  var successors: [[Int]] = .init(repeating: [], count: vocabulary)
  var incoming: [Int] = .init(repeating: 0, count: vocabulary)
  for (label, tokens) in stars {
    for token in tokens where token != label {
      successors[label].append(token)
      incoming[token] += 1
    }
  }
  var free = incoming.indices.filter { incoming[$0] == 0 }
  var removed = 0
  while let node = free.popLast() {
    removed += 1
    for token in successors[node] {
      incoming[token] -= 1
      if incoming[token] == 0 { free.append(token) }
    }
  }
  return removed == vocabulary
}
