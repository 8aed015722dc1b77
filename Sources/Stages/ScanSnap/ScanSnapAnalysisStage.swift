import Canonical
import Pipeline
import Theory

extension StageKind {
  /// What the theory of Scan and Snap speaks of, at every recorded iteration.
  static let scanSnapAnalysis = StageKind(
    "analysis", version: 2, models: ["scan-snap"], scope: .run, reads: SequenceClasses.reads,
    inputs: [.own("snap")], outputs: [RunSeries.fileName, RunArrays.fileName]
  ) { context in
    let trajectory = try ScanSnapFile.trajectory(context.input("snap", ScanSnapFile.name))
    let classes = SequenceClasses(context.parameters)
    let measures = ScanSnapMeasures(classes, trajectory)
    var metrics = measures.series(records: trajectory.iterations.indices, of: classes)
    metrics["loss"] = trajectory.losses.map(\.ifFinite)
    metrics["likelihood"] = trajectory.likelihoods.map(\.ifFinite)
    metrics["late-motion"] = [measures.lateMotion.ifFinite]
    metrics["likely-at"] = [trajectory.likelyAt.map(Double.init)]
    let series = RunSeries(iterations: trajectory.iterations, metrics: metrics)
    return [series.bytes, measures.arrays(trajectory.iterations, of: classes).bytes]
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

  /// The attention on each context token of each class at each record.
  fileprivate func arrays(_ iterations: [Int], of classes: SequenceClasses) -> RunArrays {
    var arrays = RunArrays(iterations: iterations)
    let values = iterations.indices.flatMap { record in
      (0..<classes.count).flatMap { attention(of: $0, at: record) }
    }
    arrays.set(
      "token-attention", values.map(\.ifFinite), axes: ["iteration", "class", "token"],
      shape: [iterations.count, classes.count, classes.contextTokens])
    arrays.labels["token"] =
      (0..<classes.common).map { "common \($0)" }
      + (0..<classes.distinct).map { "distinct \($0)" }
    return arrays
  }
}

extension Double {
  /// The number; nil where there is none.
  fileprivate var ifFinite: Double? { isFinite ? self : nil }
}
