/// The token-priority graph `G^(k)` of a corpus, without its matrices: there are as many as words,
/// and the largest has all of them as tokens.
package struct CorpusGraph: Hashable, Sendable {
  /// k.
  package let lastToken: Int
  /// How many sequences end in it.
  package let positions: Int
  /// How many tokens follow it somewhere.
  package let labels: Int
  /// The tokens that occur in its sequences or follow them, in increasing order.
  package let tokens: [Int]
  /// Where each token's successors start in `successors`, and where the last one's end.
  let starts: [Int]
  /// Places in `tokens`, each once for a token, in no order.
  let successors: [Int]
  /// How many strongly connected components it has.
  package let components: Int
  /// The tokens of its largest component.
  package let largest: Int
  /// The tokens in components of more than one.
  package let cyclicTokens: Int
  /// The components on a longest path of the condensation.
  package let depth: Int

  init(
    lastToken: Int, positions: Int, labels: Int, tokens: [Int], starts: [Int], successors: [Int]
  ) {
    (self.lastToken, self.positions, self.labels) = (lastToken, positions, labels)
    (self.tokens, self.starts, self.successors) = (tokens, starts, successors)
    let strong = StrongComponents(starts: starts, targets: successors)
    var sizes = [Int](repeating: 0, count: strong.count)
    for component in strong.component { sizes[component] += 1 }
    components = strong.count
    largest = sizes.max() ?? 0
    cyclicTokens = sizes.reduce(0) { $0 + ($1 > 1 ? $1 : 0) }
    depth = Self.depth(strong, sizes, starts, successors)
  }

  /// How many edges there are.
  package var edgeCount: Int { successors.count }

  /// Calls `body` with every edge, in increasing order.
  package func forEachEdge(_ body: (_ from: Int, _ to: Int) -> Void) {
    for (node, token) in tokens.enumerated() {
      for successor in successors[starts[node]..<starts[node + 1]].sorted() {
        body(token, tokens[successor])
      }
    }
  }

  /// Components are numbered in topological order, so each comes after all that lead to it.
  private static func depth(
    _ strong: StrongComponents, _ sizes: [Int], _ starts: [Int], _ successors: [Int]
  ) -> Int {
    var ends = sizes
    for component in sizes.indices.dropFirst() { ends[component] += ends[component - 1] }
    var next = zip(ends, sizes).map(-)
    var nodes = [Int](repeating: 0, count: strong.component.count)
    for (node, component) in strong.component.enumerated() {
      nodes[next[component]] = node
      next[component] += 1
    }
    var depths = [Int](repeating: 1, count: sizes.count)
    for node in nodes.reversed() {
      let component = strong.component[node]
      for index in starts[node]..<starts[node + 1] {
        let other = strong.component[successors[index]]
        if other != component { depths[component] = max(depths[component], depths[other] + 1) }
      }
    }
    return depths.max() ?? 0
  }
}

/// Puts the groups of one last token together.
///
/// Time O(edges of all groups + K / 64) a graph.
struct CorpusGraphBuilder {
  /// Groups: label, number of ends, ends.
  private var words: [UInt32] = []
  private var groups = 0
  private var positions = 0
  /// The set of tokens as bits; empty between graphs.
  private var present: [UInt64]
  /// Where each token of the graph stands in the list of its tokens.
  private var place: [Int]
  /// For each place the node that was last seen to lead there.
  private var marks: [Int] = []

  init(vocabulary: Int) {
    present = .init(repeating: 0, count: (vocabulary + 63) / 64)
    place = .init(repeating: 0, count: vocabulary)
  }

  /// Adds a group of a run.
  mutating func add(_ group: ArraySlice<UInt32>) {
    let start = group.startIndex
    positions += Int(group[start + 2])
    words.append(group[start + 1])
    words += group[(start + 3)...]
    groups += 1
  }

  /// The graph of what was added since the last one.
  mutating func graph(of lastToken: Int) -> CorpusGraph {
    let tokens = assignPlaces()
    var starts = [Int](repeating: 0, count: tokens.count + 1)
    marks = .init(repeating: -1, count: tokens.count)
    var labels = 0
    forEachGroup { place, marks, node, ends in
      starts[node + 1] += ends.count
      if marks[node] < 0 { labels += 1 }
      marks[node] = 0
    }
    for node in tokens.indices { starts[node + 1] += starts[node] }
    var next = starts
    var successors = [Int](repeating: 0, count: starts[tokens.count])
    successors.withUnsafeMutableBufferPointer { successors in
      forEachGroup { place, _, node, ends in
        var index = next[node]
        for end in ends {
          successors[index] = place[Int(end)]
          index &+= 1
        }
        next[node] = index
      }
    }
    // Only a label of several groups, one a run, may have an edge twice.
    if groups > labels { removeRepetitions(&starts, &successors) }
    defer {
      words.removeAll(keepingCapacity: true)
      (groups, positions) = (0, 0)
    }
    return CorpusGraph(
      lastToken: lastToken, positions: positions, labels: labels, tokens: tokens, starts: starts,
      successors: successors)
  }

  /// Calls `body` with the places of tokens, the marks, the place of each group's label and the
  /// group's ends.
  private mutating func forEachGroup(
    _ body: (
      UnsafeBufferPointer<Int>, UnsafeMutableBufferPointer<Int>, Int, UnsafeBufferPointer<UInt32>
    ) -> Void
  ) {
    words.withUnsafeBufferPointer { words in
      place.withUnsafeBufferPointer { place in
        marks.withUnsafeMutableBufferPointer { marks in
          var start = 0
          while start < words.count {
            let end = start + 2 + Int(words[start + 1])
            let ends = UnsafeBufferPointer(rebasing: words[start + 2..<end])
            body(place, marks, place[Int(words[start])], ends)
            start = end
          }
        }
      }
    }
  }

  /// Gives a place to each token that occurs; returns them in increasing order.
  private mutating func assignPlaces() -> [Int] {
    var start = 0
    while start < words.count {
      let end = start + 2 + Int(words[start + 1])
      let label = Int(words[start])
      present[label >> 6] |= 1 << UInt64(label & 63)
      for index in start + 2..<end {
        let token = Int(words[index])
        present[token >> 6] |= 1 << UInt64(token & 63)
      }
      start = end
    }
    var tokens: [Int] = []
    for word in present.indices {
      while present[word] != 0 {
        let token = word << 6 + present[word].trailingZeroBitCount
        place[token] = tokens.count
        tokens.append(token)
        present[word] &= present[word] - 1
      }
    }
    return tokens
  }

  /// Keeps the first of equal successors of each token.
  private mutating func removeRepetitions(_ starts: inout [Int], _ successors: inout [Int]) {
    marks = .init(repeating: -1, count: marks.count)
    var used = 0
    successors.withUnsafeMutableBufferPointer { successors in
      for node in marks.indices {
        let row = starts[node]..<starts[node + 1]
        starts[node] = used
        for index in row {
          let successor = successors[index]
          if marks[successor] != node {
            marks[successor] = node
            successors[used] = successor
            used += 1
          }
        }
      }
    }
    starts[marks.count] = used
    successors.removeLast(successors.count - used)
  }
}
