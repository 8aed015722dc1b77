import TestSupport
import Testing

@testable import Theory

/// The reduced rows have the optimum of all rows, after each reduction and after all of them.
struct ConstraintReductionTests {
  /// Which rows of all are left.
  private static let reductions: [(String, @Sendable (TokenPriorityGraph) -> [MarginConstraint])] =
    [
      ("components", \.withOneTreeAComponent), ("pairs of components", \.withOneRowAPair),
      ("transitive reduction", \.withoutImpliedPairs), ("all", \.reducedConstraints),
    ]

  /// Compares the solution for all rows with that for the reduced ones.
  private func check(_ graphs: [TokenPriorityGraph], _ embeddings: Matrix) {
    let stated = graphs.flatMap(\.constraints)
    let full = GraphSVM.solve(embeddings: embeddings, stated: stated, reduced: stated)
    for (name, rows) in Self.reductions {
      let left = graphs.flatMap(rows)
      #expect(left.count <= stated.count)
      let reduced = GraphSVM.solve(embeddings: embeddings, stated: stated, reduced: left)
      #expect((full.weights == nil) == (reduced.weights == nil), "\(name)")
      guard let all = full.weights, let few = reduced.weights else { continue }
      let difference = zip(all.elements, few.elements).map { $0 - $1 }
      #expect(Kernels.norm(difference) <= 1e-9 * max(1, all.norm), "\(name)")
    }
  }

  @Test func eachReductionLeavesRowsOut() {
    for (name, rows) in Self.reductions {
      #expect(
        Digraph.small.contains { rows($0.graph).count < $0.graph.constraints.count }, "\(name)")
    }
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
  /// Of the equalities of a component a spanning tree, grown row by row; all strict rows.
  fileprivate var withOneTreeAComponent: [MarginConstraint] {
    var joined = Array(0..<vocabulary)
    return constraints.filter { row in
      guard row.relation == .equal else { return true }
      let (kept, lost) = (joined[row.preferred], joined[row.other])
      joined = joined.map { $0 == lost ? kept : $0 }
      return kept != lost
    }
  }

  /// All equalities; the first strict row of each pair of components.
  fileprivate var withOneRowAPair: [MarginConstraint] {
    var seen: Set<Edge> = []
    return constraints.filter { $0.relation == .equal || seen.insert(pair(of: $0)).inserted }
  }

  /// All equalities; the strict rows of pairs of components that no third component is between.
  fileprivate var withoutImpliedPairs: [MarginConstraint] {
    let pairs = Set(constraints.filter { $0.relation == .strict }.map(pair))
    var paths = pairs
    for middle in 0..<componentCount {
      for first in paths where first.to == middle {
        for second in paths where second.from == middle {
          paths.insert(Edge(from: first.from, to: second.to))
        }
      }
    }
    return constraints.filter { row in
      guard row.relation == .strict else { return true }
      let pair = pair(of: row)
      return !(0..<componentCount).contains {
        paths.contains(Edge(from: pair.from, to: $0)) && paths.contains(Edge(from: $0, to: pair.to))
      }
    }
  }

  private func pair(of row: MarginConstraint) -> Edge {
    Edge(from: component(of: row.preferred)!, to: component(of: row.other)!)
  }

  /// The equalities once more, the other way round.
  fileprivate var reversedEqualities: [MarginConstraint] {
    constraints.filter { $0.relation == .equal }.map {
      MarginConstraint(
        lastToken: lastToken, preferred: $0.other, other: $0.preferred, relation: .equal)
    }
  }
}
