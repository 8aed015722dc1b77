import Canonical
import Pipeline
import Theory

extension StageKind {
  /// Stochastic gradient descent on `Y` and `Z`, recorded on its schedule. Sequences are drawn as they
  /// are needed: only their counts matter, and those of a run would be far larger than what is learnt.
  static let snap = StageKind(
    "snap", version: 2, models: ["scan-snap"], scope: .run, reads: ScanSnapDescent.reads,
    readsSeed: true, outputs: [ScanSnapFile.name], cost: ScanSnapDescent.cost
  ) { context in
    [ScanSnapFile.bytes(ScanSnapDescent(context.parameters).run(seed: context.seed))]
  }
}
