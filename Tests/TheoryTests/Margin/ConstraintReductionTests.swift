import TestSupport
import Testing

@testable import Theory

/// The reduced rows have the optimum of all rows.
struct ConstraintReductionTests {
  /// Compares the solution for all rows with that for the reduced ones.
  private func check(_ graphs: [TokenPriorityGraph], _ embeddings: Matrix) {
    let stated = graphs.flatMap(\.constraints)
    let full = GraphSVM.solve(embeddings: embeddings, stated: stated, reduced: stated)
    let reduced = GraphSVM.solve(embeddings: embeddings, graphs: graphs)
    #expect((full.weights == nil) == (reduced.weights == nil))
    guard let left = full.weights, let right = reduced.weights else { return }
    let difference = zip(left.elements, right.elements).map { $0 - $1 }
    #expect(Kernels.norm(difference) <= 1e-9 * max(1, left.norm))
  }

  private func embeddings(_ rows: Int, _ columns: Int, seed: Int) -> Matrix {
    var generator = SplitMix(seed)
    return Matrix((0..<rows).map { _ in (0..<columns).map { _ in generator.normal() } })
  }

  @Test func everyDigraphOnFourNodesKeepsItsOptimum() {
    for dimension in [2, 4] {
      let embeddings = embeddings(4, dimension, seed: dimension)
      for digraph in Digraph.small { check([digraph.graph], embeddings) }
    }
  }

  @Test(arguments: 1...30)
  func coupledRandomGraphsKeepTheirOptimum(seed: Int) {
    var generator = SplitMix(seed)
    let size = 4 + generator.below(8)
    let density = [0.05, 0.1, 0.25][seed % 3]
    let graphs = (0..<size).map { last in
      let digraph = Digraph(size: size, density: density, using: &generator)
      return TokenPriorityGraph(lastToken: last, edges: digraph.edges, vocabulary: size)
    }
    check(graphs, embeddings(size, size, seed: seed))
    check(graphs, embeddings(size, size - 2, seed: seed))
  }

  @Test func reducedRowsAreEdgesAndAtMostAsMany() {
    for digraph in TokenPriorityGraphTests.digraphs {
      let graph = digraph.graph
      let reduced = graph.reducedConstraints
      #expect(Set(reduced).isSubset(of: graph.constraints + graph.reversedEqualities))
      #expect(
        reduced.count == graph.reducedEdges.count + graph.tokens.count - graph.componentCount)
    }
  }
}

extension TokenPriorityGraph {
  /// The equalities once more, the other way round.
  fileprivate var reversedEqualities: [MarginConstraint] {
    constraints.filter { $0.relation == .equal }.map {
      MarginConstraint(
        lastToken: lastToken, preferred: $0.other, other: $0.preferred, relation: .equal)
    }
  }
}
