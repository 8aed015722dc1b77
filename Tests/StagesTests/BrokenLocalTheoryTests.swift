import Canonical
import Manifests
import Pipeline
import TestSupport
import Testing
import Theory

@testable import Stages

/// The claims on local convergence break when the local theory is broken on purpose.
struct BrokenLocalTheoryTests {
  /// What the `local` stage's function sees, decoded.
  private struct Run {
    let dataset: Dataset
    let contexts: Contexts
    let trajectory: Trajectory
    let loss: Loss
    let head: Head
    let graphs: [TokenPriorityGraph]

    init(_ context: StageContext) throws {
      dataset = try DatasetFile.dataset(context.input("data", DatasetFile.name))
      graphs = try GraphsFile.graphs(context.input("tpg", GraphsFile.name))
      trajectory = try TrajectoryFile.trajectory(context.input("gd", TrajectoryFile.name))
      contexts = Contexts(dataset)
      (loss, head) = (Loss(context.parameters), Head(context.parameters))
    }

    /// The stage's outputs where descent is said to have selected other tokens.
    func outputs(_ choose: (TokenSelection, Contexts) -> [TokenSelection.Choice]) -> [[UInt8]] {
      let selection = TokenSelection(at: trajectory.final, of: contexts)
      let theory = LocalTheory(
        contexts, at: trajectory.final, loss: loss, head: head, graphs: graphs,
        selection: TokenSelection(choices: choose(selection, contexts)))
      return theory.outputs(dataset, trajectory)
    }
  }

  static let manifests = ["local-squared", "local-cross-entropy", "loss-robustness"]

  /// The claims on the alignment that break, of so few seeds that they are quickly run.
  private func broken(
    _ name: String, _ outputs: @escaping @Sendable (Run) throws -> [[UInt8]]
  ) async throws -> [String] {
    let catalog = Catalog.mechanics.replacing(
      StageKind.local.running { try outputs(try Run($0)) })
    return try await statuses(name, catalog, overrides: ["seeds=1..20"])
      .filter { $0.key.contains("W aligns with the W_svm of the tokens") && $0.value == "broken" }
      .map(\.key)
  }

  private func statuses(
    _ name: String, _ catalog: Catalog, overrides: [String] = []
  ) async throws -> [String: String] {
    let manifest = try Manifest.read(
      path: "\(Sandbox.package)/manifests/\(name).yaml", schema: catalog.schema,
      overrides: overrides)
    return try await Workshop([manifest], catalog).statuses()
  }

  @Test(arguments: manifests)
  func unbrokenAllClaimsHold(name: String) async throws {
    let statuses = try await statuses(name, .mechanics)
    #expect(statuses.count >= 4)
    #expect(statuses.allSatisfy { $0.value == "held" }, "\(statuses)")
  }

  /// Edges from the tokens that are not selected.
  @Test(arguments: manifests)
  func edgesThatPointTheOtherWayBreakThem(name: String) async throws {
    let broken = try await broken(name) { run in
      run.outputs { selection, _ in
        selection.choices.map {
          $0 == .selected ? .rejected : $0 == .rejected ? .selected : $0
        }
      }
    }
    #expect(!broken.isEmpty)
  }

  /// Components that the labels make, instead of those of what descent selected.
  @Test(arguments: manifests)
  func componentsOfTheLabelsAloneBreakThem(name: String) async throws {
    let broken = try await broken(name) { run in
      run.outputs { selection, contexts in
        selection.choices.indices.map { position in
          let context = contexts.starts.lastIndex { $0 <= position }!
          return contexts.tokens[position] == contexts.labels[context] ? .selected : .rejected
        }
      }
    }
    #expect(!broken.isEmpty)
  }

  @Test(arguments: manifests)
  func aFlippedSignBreaksThem(name: String) async throws {
    let broken = try await broken(name) { run in
      let theory = LocalTheory(
        run.contexts, at: run.trajectory.final, loss: run.loss, head: run.head, graphs: run.graphs)
      return theory.outputs(run.dataset, run.trajectory.negated)
    }
    #expect(!broken.isEmpty)
  }
}
