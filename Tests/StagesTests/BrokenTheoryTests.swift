import Canonical
import Manifests
import Pipeline
import TestSupport
import Testing
import Theory

@testable import Stages

/// The claims of the central experiments break when the theory is broken on purpose.
struct BrokenTheoryTests {
  private func statuses(_ name: String, _ catalog: Catalog) async throws -> [String: String] {
    let manifest = try Manifest.read(
      path: "\(Sandbox.package)/manifests/\(name).yaml", schema: catalog.schema)
    return try await Workshop([manifest], catalog).statuses()
  }

  private func broken(_ name: String, _ catalog: Catalog) async throws -> Set<String> {
    Set(try await statuses(name, catalog).filter { $0.value == "broken" }.keys)
  }

  @Test(arguments: ["acyclic", "cyclic"])
  func unbrokenAllClaimsHold(name: String) async throws {
    let statuses = try await statuses(name, .mechanics)
    #expect(statuses.count == 7)
    #expect(statuses.allSatisfy { $0.value == "held" }, "\(statuses)")
  }

  @Test func aSolutionThatPointsTheOtherWayBreaksThem() async throws {
    let margin = StageKind.margin.running { context in
      let outputs = try StageKind.margin.run(context)
      guard var document = Value(json: outputs[0])?.map else { return outputs }
      document["W"] = .list(
        document["W"]!.list!.map { row in .list(row.list!.map { .number(-$0.double!) }) })
      return [Array(Value.map(document).json().utf8)]
    }
    let broken = try await broken("acyclic", Catalog.mechanics.replacing(margin))
    #expect(
      broken == [
        "W aligns with W_svm as in the reference", "W aligns with W_svm for every seed",
        "alignment grows to the end",
      ])
  }

  @Test(arguments: ["acyclic", "cyclic"])
  func edgesThatPointTheOtherWayBreakThem(name: String) async throws {
    let graphs = StageKind.graphs.running { context in
      let dataset = try DatasetFile.dataset(context.input("data", DatasetFile.name))
      let reversed = TokenPriorityGraph.all(of: dataset).map { graph in
        TokenPriorityGraph(
          lastToken: graph.lastToken,
          edges: graph.edges.map { TokenPriorityGraph.Edge(from: $0.to, to: $0.from) },
          vocabulary: dataset.vocabulary, tokens: graph.tokens)
      }
      return [GraphsFile.bytes(reversed, vocabulary: dataset.vocabulary)]
    }
    let broken = try await broken(name, Catalog.mechanics.replacing(graphs))
    #expect(broken.contains("W aligns with W_svm as in the reference"))
    #expect(broken.count >= 3, "\(broken)")
  }

  @Test func ascentBreaksThem() async throws {
    let ascent = StageKind.descent.running { context in
      let trajectory = try TrajectoryFile.trajectory(StageKind.descent.run(context)[0])
      return [TrajectoryFile.bytes(trajectory.negated)]
    }
    let broken = try await broken("acyclic", Catalog.mechanics.replacing(ascent))
    #expect(broken.count == 5, "\(broken)")
  }

  @Test func aFinitePartOfZeroBreaksTheClaimOnIt() async throws {
    let zero = StageKind.finitePart.running { context in
      let weights = try FinitePartFile.weights(StageKind.finitePart.run(context)[0])
      let count = weights.elements.count
      return [
        FinitePartFile.bytes(
          Matrix(
            rows: weights.rows, columns: weights.columns,
            elements: .init(repeating: 0, count: count)), nil)
      ]
    }
    let broken = try await broken("cyclic", Catalog.mechanics.replacing(zero))
    #expect(broken == ["ΠW ends η/2 from W_fin"])
  }
}

extension Trajectory {
  /// The run with all weights of the other sign.
  var negated: Trajectory {
    Trajectory(
      dimension: dimension, iterations: iterations, weights: weights.map { -$0 }, losses: losses,
      logLosses: logLosses, gradientNorms: gradientNorms, logGradientNorms: logGradientNorms,
      stoppedAt: stoppedAt)
  }
}
