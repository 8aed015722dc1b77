import Canonical
import Pipeline
import Theory

extension StageKind {
  /// What the theory of Scan and Snap speaks of, at every recorded iteration.
  static let snapAnalysis = StageKind(
    "snap-analysis", version: 1, models: ["scan-snap"], scope: .run, reads: SequenceClasses.reads,
    inputs: [.own("snap")], outputs: [RunSeries.fileName]
  ) { context in
    let trajectory = try ScanSnapFile.trajectory(context.input("snap", ScanSnapFile.name))
    let classes = SequenceClasses(context.parameters)
    let measures = ScanSnapMeasures(classes, trajectory)
    var metrics = measures.series(records: trajectory.iterations.indices, of: classes)
    metrics["loss"] = trajectory.losses.map(\.ifFinite)
    metrics["likelihood"] = trajectory.likelihoods.map(\.ifFinite)
    metrics["late-motion"] = [measures.lateMotion.ifFinite]
    metrics["likely-at"] = [trajectory.likelyAt.map(Double.init)]
    return [RunSeries(iterations: trajectory.iterations, metrics: metrics).bytes]
  }
}

extension ScanSnapMeasures {
  /// Every measure that has a value at each record.
  fileprivate func series(
    records: Range<Int>, of classes: SequenceClasses
  ) -> [String: [Double?]] {
    let measures: [String: (Int) -> Double] = [
      "distinct-entropy": distinctEntropy, "common-attention": commonAttention,
      "common-left": commonLeft, "common-gain": commonGain, "distinct-gain": distinctGain,
      "rare-attention": { distinctAttention(0, at: $0) },
      "frequent-attention": { distinctAttention(classes.distinct - 1, at: $0) },
      "advantage": advantage, "frequency-order": frequencyOrder, "row-drift": rowDrift,
    ]
    return measures.mapValues { measure in records.map { measure($0).ifFinite } }
  }
}

extension Double {
  /// The number; nil where there is none.
  fileprivate var ifFinite: Double? { isFinite ? self : nil }
}
