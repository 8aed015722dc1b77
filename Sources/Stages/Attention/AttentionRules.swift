import Canonical
import Manifests
import Theory

extension ModelFamily {
  /// The combinations of parameters that no attention run can have.
  static let attentionRules: [Rule] = [
    Rule(reads: ["data.embedding"] + embeddingSizes, check: embeddingFits),
    Rule(reads: ["data.structure", "data.vocabulary"], check: blocksFit),
    Rule(reads: ["data.structure", "data.embedding"], check: embeddingIsUsed),
    Rule(reads: ["data.structure"] + datasetSizes, check: givenDatasetFits),
    Rule(reads: ["data.embedding"] + embeddingSizes, check: givenEmbeddingsFit),
    Rule(reads: ["train.loss", "train.head"], check: lossAcceptsHead),
    Rule(reads: ["train.loss", "train.temperature"], check: temperatureIsUsed),
    Rule(reads: ["train.loss"], metrics: pathMetrics.map(\.name), check: pathIsOfTheLogLoss),
    Rule(
      reads: ["data.structure"], metrics: recoveryMetrics.map(\.name), of: .someCell,
      check: prioritiesArePlanted),
    Rule(reads: ["train.batch", "data.sequences"], check: batchFits),
    Rule(reads: ["train.factors", "train.initial"], check: factorsMove),
    Rule(
      reads: ["train.record", "data.dimension", "train.iterations"], check: trajectoryFits),
  ]

  /// Linear independence takes dimensions: K ≤ d, or K + 1 ≤ d for equal correlations.
  @Sendable
  private static func embeddingFits(_ cell: Parameters) -> [Violation] {
    let embedding = cell["data.embedding"]
    let tokens = cell["data.vocabulary"].integer!
    let dimension = cell["data.dimension"].integer!
    let isCorrelated = embedding["equicorrelated"] != nil
    guard embedding == "orthonormal" || isCorrelated else { return [] }
    let needed = tokens + (isCorrelated ? 1 : 0)
    guard needed > dimension else { return [] }
    let name = isCorrelated ? "equicorrelated" : "orthonormal"
    return [
      Violation(
        "data.embedding",
        "\(name) embeddings of \(tokens) tokens need \(needed) dimensions, not \(dimension)")
    ]
  }

  /// Blocks divide the vocabulary; weights are for the tokens of the largest block.
  @Sendable
  private static func blocksFit(_ cell: Parameters) -> [Violation] {
    guard let blocks = cell["data.structure"]["blocks"] else { return [] }
    let sizes = blocks["sizes"]!.list!.map { $0.integer! }
    let tokens = cell["data.vocabulary"].integer!
    var violations: [Violation] = []
    let sum = sizes.reduce(0, +)
    if sum != tokens {
      violations.append(
        Violation("data.structure", "the blocks have \(sum) tokens, the vocabulary \(tokens)"))
    }
    let largest = sizes.max() ?? 0
    if let weights = blocks["weights"]?.list, weights.count != largest {
      violations.append(
        Violation(
          "data.structure",
          "the largest block has \(largest) tokens, but there are \(weights.count) weights"))
    }
    if let weights = blocks["weights"]?.list, !weights.reduce(0, { $0 + $1.double! }).isFinite {
      violations.append(Violation("data.structure", overflow(of: "a block")))
    }
    return violations
  }

  /// What is wrong where the sum of weights is infinite.
  static func overflow(of whole: String) -> String {
    "the weights of \(whole)'s tokens add up to more than a number can be, 1.8e308"
  }

  @Sendable
  private static func embeddingIsUsed(_ cell: Parameters) -> [Violation] {
    guard cell["data.structure"]["given"] != nil, cell["data.embedding"] != "unit-random" else {
      return []
    }
    return [
      Violation(
        "data.embedding", "a given structure has embeddings of its own; leave data.embedding out")
    ]
  }

  /// The logarithm of a general head's logits need not exist.
  @Sendable
  private static func lossAcceptsHead(_ cell: Parameters) -> [Violation] {
    guard cell["train.loss"] == "log", cell["train.head"] != "tied" else { return [] }
    return [
      Violation(
        "train.head",
        "the log loss needs the tied head; with a general one a logit may be negative")
    ]
  }

  @Sendable
  private static func temperatureIsUsed(_ cell: Parameters) -> [Violation] {
    guard cell["train.temperature"] != 1.0, cell["train.loss"] != "cross-entropy" else { return [] }
    return [
      Violation(
        "train.temperature",
        "only the cross-entropy loss has a temperature, not \(cell["train.loss"].label)")
    ]
  }

  @Sendable
  private static func pathIsOfTheLogLoss(_ cell: Parameters) -> [Violation] {
    guard cell["train.loss"] != "log" else { return [] }
    return [
      Violation(
        "train.loss",
        "the regularisation path, of which a figure or claim shows a metric, is that of the log "
          + "loss, not \(cell["train.loss"].label)")
    ]
  }

  @Sendable
  private static func prioritiesArePlanted(_ cell: Parameters) -> [Violation] {
    let structure = cell["data.structure"]
    guard structure != "strict-order", structure["blocks"] == nil else { return [] }
    return [
      Violation(
        "data.structure",
        "the planted priorities, of which a figure or claim shows a metric, are those of a "
          + "strict-order or blocks structure, not \(structure.label)")
    ]
  }

  @Sendable
  private static func batchFits(_ cell: Parameters) -> [Violation] {
    let sequences = cell["data.sequences"].integer!
    guard let batch = cell["train.batch"].integer, batch > sequences else { return [] }
    return [Violation("train.batch", "a batch of \(batch) of only \(sequences) sequences")]
  }

  /// At zero the gradients by both factors vanish.
  @Sendable
  private static func factorsMove(_ cell: Parameters) -> [Violation] {
    guard cell["train.factors"] != "none", cell["train.initial"] == "zero" else { return [] }
    return [
      Violation("train.initial", "factors that start at zero have no gradient and stay there")
    ]
  }

  @Sendable
  private static func trajectoryFits(_ cell: Parameters) -> [Violation] {
    let dimension = cell["data.dimension"].integer!
    return RecordSchedule.violations(
      cell, rows: dimension, columns: dimension, of: "\(dimension) dimensions")
  }
}
