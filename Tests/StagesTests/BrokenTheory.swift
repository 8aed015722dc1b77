import Canonical
import Manifests
import Pipeline
import TestSupport
import Theory

@testable import Stages

/// Ways to break the theory on purpose: kinds of stages that take the places of the right ones.
enum BrokenTheory {
  /// `W_svm` points the other way.
  static let flippedMargin = StageKind.margin.running { context in
    let outputs = try StageKind.margin.run(context)
    guard var document = Value(json: outputs[0])?.map else { return outputs }
    document["W"] = .list(
      document["W"]!.list!.map { row in .list(row.list!.map { .number(-$0.double!) }) })
    return [Array(Value.map(document).json().utf8)]
  }

  /// Every edge points the other way.
  static let reversedEdges = graphs { graph in
    graph.edges.map { TokenPriorityGraph.Edge(from: $0.to, to: $0.from) }
  }

  /// No edge joins tokens of one component, so that each token is one of its own.
  static let splitComponents = graphs { graph in
    graph.edges.filter { graph.component(of: $0.from) != graph.component(of: $0.to) }
  }

  /// `W_fin` is 0.
  static let noFinitePart = StageKind.finitePart.running { context in
    let weights = try FinitePartFile.weights(StageKind.finitePart.run(context)[0])!
    return [FinitePartFile.bytes(Matrix(zeros: weights.rows, weights.columns), nil)]
  }

  private static func graphs(
    _ edges: @escaping @Sendable (TokenPriorityGraph) -> [TokenPriorityGraph.Edge]
  ) -> StageKind {
    StageKind.graphs.running { context in
      let dataset = try context.dataset()
      let graphs = TokenPriorityGraph.all(of: dataset).map { graph in
        TokenPriorityGraph(
          lastToken: graph.lastToken, edges: edges(graph), vocabulary: dataset.vocabulary,
          tokens: graph.tokens)
      }
      return [GraphsFile.bytes(graphs, vocabulary: dataset.vocabulary)]
    }
  }

  /// What the claims of a manifest of this package say, by their status.
  static func claims(
    _ name: String, _ replacement: StageKind? = nil, set overrides: [String] = []
  ) async throws -> [String: Set<String>] {
    let catalog = replacement.map { Catalog.mechanics.replacing($0) } ?? .mechanics
    let manifest = try Manifest.read(
      path: "\(Sandbox.package)/manifests/\(name).yaml", schema: catalog.schema,
      overrides: overrides)
    let statuses = try await Workshop([manifest], catalog).statuses()
    return Dictionary(grouping: statuses.keys, by: { statuses[$0]! }).mapValues(Set.init)
  }
}
