import Canonical
import Pipeline
import Theory

extension StageKind {
  /// The losses of a transformer as perplexities, how evenly it attends, and its attention maps.
  static let transformerAnalysis = StageKind(
    "analysis", version: 1, models: ["transformer"], scope: .run,
    inputs: [.own("vocabulary"), .own("training")],
    outputs: [RunSeries.fileName, RunArrays.fileName]
  ) { context in
    let file = try TransformerFile(bytes: context.input("training", TransformerFile.name))
    let series = RunSeries(iterations: file.iterations, metrics: file.metrics)
    return [series.bytes, file.arrays(try context.vocabulary()).bytes]
  }
}

extension TransformerFile {
  fileprivate var metrics: [String: [Double?]] {
    let losses = series["validation-losses"]!
    let perplexities = losses.map { Kernels.exp($0) }
    let unigram = Kernels.exp(unigramLoss)
    let all: [String: [Double]] = [
      "training-loss": series["training-losses"]!, "gradient-norm": series["gradient-norms"]!,
      "validation-loss": losses, "validation-perplexity": perplexities,
      "unigram-perplexity": [unigram], "perplexity-ratio": perplexities.map { $0 / unigram },
      "attention-entropy": entropies.map(mean), "attention-evenness": evenness.map(mean),
      "first-evenness": evenness.map { $0.first ?? .nan },
      "last-evenness": evenness.map { $0.last ?? .nan },
    ]
    return all.mapValues { $0.map { $0.isFinite ? $0 : nil } }
  }

  /// Attention by layer, and the maps; a query sees nothing behind itself, so that is missing.
  fileprivate func arrays(_ vocabulary: Vocabulary) -> RunArrays {
    var arrays = RunArrays(iterations: iterations)
    let layers = entropies.first?.count ?? 0
    for (name, rows) in [("layer-entropy", entropies), ("layer-evenness", evenness)] {
      let values = rows.flatMap { $0.map { $0.isFinite ? $0 : nil } }
      arrays.set(name, values, axes: ["iteration", "layer"], shape: [iterations.count, layers])
    }
    let length = mapTokens.count
    arrays.number("map", mapIterations)
    arrays.set(
      "attention-map",
      maps.enumerated().map { $0 % length <= $0 / length % length ? $1 : nil },
      axes: ["map", "layer", "query", "key"],
      shape: [mapIterations.count, layers, length, length])
    // A word may occur twice, a place on an axis once.
    let words = mapTokens.enumerated().map { "\(vocabulary.words[$1]) \($0)" }
    (arrays.labels["query"], arrays.labels["key"]) = (words, words)
    return arrays
  }

  private func mean(_ values: [Double]) -> Double { Kernels.sum(values) / Double(values.count) }
}
