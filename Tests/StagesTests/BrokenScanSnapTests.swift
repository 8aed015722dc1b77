import Canonical
import Manifests
import Pipeline
import TestSupport
import Testing
import Theory

@testable import Stages

/// The claims about Scan and Snap break when its theory is broken on purpose.
struct BrokenScanSnapTests {
  /// Five of the manifest's seeds, for time.
  private func statuses(_ name: String, _ catalog: Catalog) async throws -> [String: String] {
    let manifest = try Manifest.read(
      path: "\(Sandbox.package)/manifests/\(name).yaml", schema: catalog.schema,
      overrides: ["seeds=1..5"])
    return try await Workshop([manifest], catalog).statuses()
  }

  private func broken(
    _ name: String, _ change: @escaping @Sendable (inout ScanSnapDescent) -> Void
  ) async throws -> Set<String> {
    let snap = StageKind.snap.running { context in
      var descent = ScanSnapDescent(context.parameters)
      change(&descent)
      return [ScanSnapFile.bytes(descent.run(seed: context.seed))]
    }
    let statuses = try await statuses(name, Catalog.mechanics.replacing(snap))
    return Set(statuses.filter { $0.value != "held" }.keys)
  }

  @Test(arguments: ["scan-snap-dynamics", "scan-snap-phase"])
  func unbrokenAllClaimsHold(name: String) async throws {
    let statuses = try await statuses(name, .mechanics)
    #expect(statuses.count >= 8)
    #expect(statuses.allSatisfy { $0.value == "held" }, "\(statuses)")
  }

  /// The sign of the gradient by `Z`: common tokens gain and frequent ones lose.
  @Test func ascentOfAttentionBreaksThem() async throws {
    let broken = try await broken("scan-snap-phase") { $0.attentionRate.negate() }
    #expect(broken.contains { $0.contains("less than .75") })
    #expect(broken.contains { $0.contains("order of their frequency") })
    #expect(broken.count { $0.hasPrefix("B at") } == 9)
    let dynamics = try await self.broken("scan-snap-dynamics") { $0.attentionRate.negate() }
    #expect(dynamics.count >= 4, "\(dynamics)")
  }

  /// The sign of the gradient by `Y`: nothing is learnt.
  @Test func ascentOfTheDecoderBreaksThem() async throws {
    let broken = try await broken("scan-snap-phase") { $0.decoderRate.negate() }
    #expect(broken.count { $0.contains("η_Y") } == 6, "\(broken)")
  }

  /// Without the norm, `∂L/∂Z` lacks its projection: B is another function of time.
  @Test func attentionThatIsNotNormalisedBreaksThem() async throws {
    let broken = try await broken("scan-snap-phase") { $0.layer.isNormalised = false }
    #expect(broken.count { $0.hasPrefix("B at") } == 9, "\(broken)")
  }

  /// A decoder as slow as attention is fast takes other times.
  @Test func swappedRatesBreakThem() async throws {
    let broken = try await broken("scan-snap-phase") {
      swap(&$0.attentionRate, &$0.decoderRate)
    }
    #expect(broken.contains("η_Y = 1, η_Z = 2: as soon"))
    #expect(broken.contains("η_Y = 1, η_Z = 1/2: as soon"))
  }
}
