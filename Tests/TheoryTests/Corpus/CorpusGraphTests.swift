import Testing

@testable import Theory

/// The graphs of a corpus are those of its sequences, whatever the memory and the pieces are.
@Suite struct CorpusGraphTests {
  private struct Corpus {
    let tokens: [UInt32]
    let vocabulary: Int
    let context: Int

    init(length: Int, vocabulary: Int, context: Int, seed: Int) {
      var stream = Stream(kind: "test", seed: seed, purpose: "corpus")
      // Skewed, so that some bigrams are frequent and others are not.
      tokens = (0..<length).map { _ in
        UInt32(stream.integer(below: 1 + stream.integer(below: vocabulary)))
      }
      (self.vocabulary, self.context) = (vocabulary, context)
    }

    func graphs(memory: Int, piece: Int) throws -> (graphs: [CorpusGraph], spills: Int) {
      var edges = CorpusEdges(
        context: context, vocabulary: vocabulary, memory: memory, store: MemoryRuns())
      for start in stride(from: 0, to: tokens.count, by: piece) {
        try edges.append(Array(tokens[start..<min(start + piece, tokens.count)]))
      }
      var graphs: [CorpusGraph] = []
      try edges.finish(keepingEdges: true) { graphs.append($0) }
      #expect(edges.length == tokens.count)
      return (graphs, edges.spills)
    }

    /// By the definition: a sequence at a time, sets of edges.
    var expected: [TokenPriorityGraph] {
      var edges: [Int: [TokenPriorityGraph.Edge]] = [:]
      var present: [Int: [Int]] = [:]
      for last in tokens.indices.dropLast() where last + 1 >= context {
        let (token, label) = (Int(tokens[last]), Int(tokens[last + 1]))
        let sequence = tokens[(last + 1 - context)...last].map(Int.init)
        present[token, default: []] += sequence + [label]
        edges[token, default: []] += sequence.map { .init(from: label, to: $0) }
      }
      return present.keys.sorted().map {
        TokenPriorityGraph(
          lastToken: $0, edges: edges[$0]!, vocabulary: vocabulary, tokens: present[$0]!)
      }
    }
  }

  private func edges(_ graph: CorpusGraph) -> [TokenPriorityGraph.Edge] {
    graph.edges.map { .init(from: Int($0.from), to: Int($0.to)) }
  }

  @Test(arguments: [1, 2, 3, 5, 16], [2, 7, 64, 300])
  func theyAreThoseOfTheDefinition(context: Int, vocabulary: Int) throws {
    let corpus = Corpus(length: 900, vocabulary: vocabulary, context: context, seed: vocabulary)
    let (graphs, _) = try corpus.graphs(memory: 1 << 20, piece: 100)
    let expected = corpus.expected
    #expect(graphs.map(\.lastToken) == expected.map(\.lastToken))
    for (graph, reference) in zip(graphs, expected) {
      #expect(graph.tokens == reference.tokens.count)
      #expect(edges(graph) == reference.edges)
      #expect(graph.edgeCount == reference.edges.count)
    }
  }

  @Test func numbersOfComponentsAreThoseOfTheGraph() throws {
    for vocabulary in [3, 10, 60] {
      let corpus = Corpus(length: 150, vocabulary: vocabulary, context: 2, seed: 5)
      for (graph, reference) in zip(
        try corpus.graphs(memory: 1 << 20, piece: 64).graphs, corpus.expected)
      {
        let components = reference.tokens.map { reference.component(of: $0)! }
        let sizes = Dictionary(grouping: components) { $0 }.mapValues(\.count)
        #expect(graph.components == sizes.count)
        #expect(graph.largest == sizes.values.max())
        #expect(graph.cyclicTokens == sizes.values.filter { $0 > 1 }.reduce(0, +))
        #expect(graph.depth == longestPath(reference))
      }
    }
  }

  /// By trying every component as a start, with a memory.
  private func longestPath(_ graph: TokenPriorityGraph) -> Int {
    var next: [Int: Set<Int>] = [:]
    for edge in graph.edges {
      let (from, to) = (graph.component(of: edge.from)!, graph.component(of: edge.to)!)
      if from != to { next[from, default: []].insert(to) }
    }
    var known: [Int: Int] = [:]
    func length(_ component: Int) -> Int {
      if let length = known[component] { return length }
      let length = 1 + ((next[component] ?? []).map(length).max() ?? 0)
      known[component] = length
      return length
    }
    return graph.tokens.map { length(graph.component(of: $0)!) }.max()!
  }

  @Test func positionsAndLabelsAreCounted() throws {
    let corpus = Corpus(length: 700, vocabulary: 40, context: 4, seed: 9)
    for graph in try corpus.graphs(memory: 3000, piece: 50).graphs {
      let labels = corpus.tokens.indices.dropLast()
        .filter { $0 >= 3 && corpus.tokens[$0] == UInt32(graph.lastToken) }
        .map { corpus.tokens[$0 + 1] }
      #expect(graph.positions == labels.count)
      #expect(graph.labels == Set(labels).count)
    }
  }

  /// From one batch to hundreds of runs that went to the store.
  @Test(arguments: [1, 1000, 4000, 20_000, 1 << 20])
  func memoryAndPiecesChangeNothing(memory: Int) throws {
    let corpus = Corpus(length: 1000, vocabulary: 50, context: 5, seed: 3)
    let whole = try corpus.graphs(memory: 1 << 24, piece: 1000)
    #expect(whole.spills == 0)
    for piece in [1, 7, 333, 1000] {
      let (graphs, spills) = try corpus.graphs(memory: memory, piece: piece)
      #expect(spills > 0 || memory > 10_000)
      #expect(graphs.map(\.lastToken) == whole.graphs.map(\.lastToken))
      for (graph, reference) in zip(graphs, whole.graphs) {
        #expect(graph == reference)
      }
    }
  }

  @Test func aCorpusShorterThanASequenceAndItsLabelHasNoGraph() throws {
    let corpus = Corpus(length: 5, vocabulary: 4, context: 5, seed: 1)
    #expect(try corpus.graphs(memory: 1000, piece: 2).graphs.isEmpty)
  }

  @Test func positionsAreSortedByBigram() {
    for vocabulary in [2, 1000, 1 << 20] {
      let corpus = Corpus(length: 3000, vocabulary: vocabulary, context: 1, seed: 4)
      var sort = BigramSort(vocabulary: vocabulary)
      var seen: [[Int]] = []
      corpus.tokens.withUnsafeBufferPointer { tokens in
        var bigrams = 0
        sort.forEach(in: tokens, 0..<2999, context: 1) { last, label, isNew, records in
          bigrams += isNew ? 1 : 0
          for record in records {
            seen.append([Int(last), Int(label), BigramSort.position(record)])
          }
        }
        #expect(bigrams == Set(seen.map { $0.prefix(2) }).count)
      }
      let expected = (0..<2999).map { [Int(corpus.tokens[$0]), Int(corpus.tokens[$0 + 1]), $0] }
      #expect(seen == expected.sorted { $0.lexicographicallyPrecedes($1) })
    }
  }
}
