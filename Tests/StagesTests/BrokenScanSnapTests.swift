import Canonical
import Manifests
import Pipeline
import TestSupport
import Testing
import Theory

@testable import Stages

/// The claims about Scan and Snap break when its theory is broken on purpose.
struct BrokenScanSnapTests {
  /// Five of the manifest's seeds, and of the sweep the corners that claims name, for time.
  private func statuses(_ name: String, _ catalog: Catalog) async throws -> [String: String] {
    let corners = [
      "sweep.data.num-last=[3, 10]", "sweep.train.eta-z=[0.5, 2, 3]", "sweep.train.ratio=[1, 2]",
    ]
    let manifest = try Manifest.read(
      path: "\(Sandbox.package)/manifests/\(name).yaml", schema: catalog.schema,
      overrides: ["seeds=1..5"] + (name == "scan-snap-entropy" ? corners : []))
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

  @Test(arguments: ["scan-snap-dynamics", "scan-snap-entropy", "scan-snap-phase"])
  func unbrokenAllClaimsHold(name: String) async throws {
    let statuses = try await statuses(name, .mechanics)
    #expect(statuses.count >= 7)
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

  private static let published = [
    "10 last tokens, η_Z = 3, equal rates: as published",
    "3 last tokens, η_Z = 2, ratio 2: as published",
  ]

  /// Ways to train that are not the paper's, each of which misses at least one published cell.
  @Test(arguments: [0, 1, 2, 3])
  func otherTrainingMissesThePublishedEntropies(way: Int) async throws {
    let broken = try await broken("scan-snap-entropy") { descent in
      switch way {
      case 0: descent.attentionRate.negate()
      case 1: descent.momentum = 0
      case 2: descent.layer.isNormalised = false
      default: swap(&descent.attentionRate, &descent.decoderRate)
      }
    }
    #expect(!broken.isDisjoint(with: Self.published), "\(broken)")
  }

  /// The entropy of all of a class's attention, not only of that among its distinct tokens.
  @Test func entropyOverAllTokensIsNotWhatWasPublished() async throws {
    let analysis = StageKind.scanSnapAnalysis.running { context in
      let outputs = try StageKind.scanSnapAnalysis.run(context)
      let series = try RunSeries(bytes: outputs[0])
      let arrays = try RunArrays(bytes: outputs[1])
      let attention = arrays.arrays["token-attention"]!
      let size = attention.values.count / series.iterations.count
      let entropies = series.iterations.indices.map { record -> Double? in
        let values = attention.values[record * size..<(record + 1) * size].compactMap(\.self)
        let sum = values.reduce(0) { $0 - $1 * Kernels.log($1) }
        return sum / Double(attention.shape[1])
      }
      let metrics = series.metrics.merging(["distinct-entropy": entropies]) { $1 }
      return [RunSeries(iterations: series.iterations, metrics: metrics).bytes, outputs[1]]
    }
    let statuses = try await statuses(
      "scan-snap-entropy", Catalog.mechanics.replacing(analysis))
    for claim in Self.published { #expect(statuses[claim] == "broken") }
  }
}
