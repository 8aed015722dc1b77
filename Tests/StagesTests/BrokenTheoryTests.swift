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
    let broken = try await broken(
      "acyclic", Catalog.mechanics.replacing(BrokenTheory.flippedMargin))
    #expect(
      broken == [
        "W aligns with W_svm as in the reference", "W aligns with W_svm for every seed",
        "alignment grows to the end",
      ])
  }

  @Test(arguments: ["acyclic", "cyclic"])
  func edgesThatPointTheOtherWayBreakThem(name: String) async throws {
    let broken = try await broken(name, Catalog.mechanics.replacing(BrokenTheory.reversedEdges))
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
    let broken = try await broken("cyclic", Catalog.mechanics.replacing(BrokenTheory.noFinitePart))
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
