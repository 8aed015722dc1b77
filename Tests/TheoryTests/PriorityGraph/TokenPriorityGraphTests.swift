import TestSupport
import Testing

@testable import Theory

/// What holds of every token-priority graph, on every digraph of up to four nodes and on larger
/// random ones.
struct TokenPriorityGraphTests {
  static let digraphs: [Digraph] = {
    var generator = SplitMix(1)
    let densities = [0.01, 0.03, 0.1, 0.3]
    return Digraph.small
      + densities.flatMap { density in
        [5, 9, 20, 70, 130].map { Digraph(size: $0, density: density, using: &generator) }
      }
  }()

  @Test func componentsAreTheMutuallyReachable() {
    for digraph in Self.digraphs {
      let reach = Digraph.closure(size: digraph.size, edges: digraph.edges)
      let graph = digraph.graph
      for a in 0..<digraph.size {
        for b in 0..<digraph.size {
          #expect(
            (graph.component(of: a) == graph.component(of: b)) == (reach[a][b] && reach[b][a]))
          #expect(graph.reaches(from: a, to: b) == reach[a][b])
        }
      }
    }
  }

  @Test func componentNumbersAreATopologicalOrder() {
    for digraph in Self.digraphs {
      let graph = digraph.graph
      for edge in graph.edges {
        let (from, to) = (graph.component(of: edge.from)!, graph.component(of: edge.to)!)
        #expect(from <= to)
        #expect((graph.relation(of: edge) == .equal) == (from == to))
      }
      #expect(graph.components.flatMap { $0 }.sorted() == Array(0..<digraph.size))
      #expect(graph.isAcyclic == graph.components.allSatisfy { $0.count == 1 })
    }
  }

  @Test func reductionIsTheLeastRelationOfEqualReachability() {
    for digraph in Self.digraphs {
      let graph = digraph.graph
      let size = graph.componentCount
      let reduced = graph.reducedEdges
      let reach = Digraph.closure(size: size, edges: graph.condensationEdges)
      #expect(Digraph.closure(size: size, edges: reduced) == reach)
      #expect(Set(reduced).isSubset(of: graph.condensationEdges))
      for edge in reduced {
        let detour = (0..<size).contains {
          $0 != edge.from && $0 != edge.to && reach[edge.from][$0] && reach[$0][edge.to]
        }
        #expect(!detour)
      }
    }
  }

  @Test func edgesAreUniqueAndSorted() {
    let edges = [(2, 1), (0, 2), (2, 1), (1, 1), (0, 1)]
    let graph = TokenPriorityGraph(
      lastToken: 3, edges: edges.map { .init(from: $0.0, to: $0.1) }, vocabulary: 5)
    #expect(graph.edges == [(0, 1), (0, 2), (2, 1)].map { .init(from: $0.0, to: $0.1) })
    #expect(graph.tokens == [0, 1, 2])
    #expect(graph.component(of: 4) == nil)
    #expect(graph.component(of: 0) == 0)
    #expect(!graph.reaches(from: 4, to: 4))
  }

  @Test func longPathsNeedNoCallStack() {
    let size = 20_000
    let edges = (1..<size).map { TokenPriorityGraph.Edge(from: $0 - 1, to: $0) }
    var (starts, targets) = ([0], [UInt32]())
    for edge in edges {
      targets.append(UInt32(edge.to))
      starts.append(targets.count)
    }
    starts.append(targets.count)
    #expect(StrongComponents(starts: starts, targets: targets).component == Array(0..<size))
  }

  @Test func datasetsGiveOneGraphPerLastToken() {
    let dataset = Dataset(
      embeddings: Matrix(zeros: 5, 2), sequences: [[1, 0, 2, 2], [3, 4], [0, 1, 2], [4, 4]],
      labels: [0, 3, 1, 4])
    let graphs = TokenPriorityGraph.all(of: dataset)
    #expect(graphs.map(\.lastToken) == [2, 4])
    #expect(graphs[0].components == [[0, 1], [2]])
    #expect(
      graphs[0].edges
        == [(0, 1), (0, 2), (1, 0), (1, 2)].map { .init(from: $0.0, to: $0.1) })
    #expect(graphs[1].tokens == [3, 4])
    #expect(graphs[1].edges == [.init(from: 3, to: 4)])
  }
}
