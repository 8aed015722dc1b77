import Canonical
import Pipeline
import Theory

extension StageKind {
  /// The losses of a transformer as perplexities, and how evenly it attends.
  static let transformerAnalysis = StageKind(
    "analysis", version: 1, models: ["transformer"], scope: .run,
    inputs: [.own("vocabulary"), .own("training")], outputs: [RunSeries.fileName]
  ) { context in
    let file = try TransformerFile(bytes: context.input("training", TransformerFile.name))
    return [RunSeries(iterations: file.iterations, metrics: file.metrics).bytes]
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

  private func mean(_ values: [Double]) -> Double { Kernels.sum(values) / Double(values.count) }
}
