import Canonical
import Manifests
import Theory

extension ModelFamily {
  /// The combinations of parameters that no attention run can have.
  static let attentionRules: [Rule] = [
    Rule(reads: ["data.embedding", "data.vocabulary", "data.dimension"], check: embeddingFits),
    Rule(reads: ["data.structure", "data.vocabulary"], check: blocksFit),
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
    return violations
  }

  @Sendable
  private static func trajectoryFits(_ cell: Parameters) -> [Violation] {
    let dimension = cell["data.dimension"].integer!
    return RecordSchedule.violations(
      cell, rows: dimension, columns: dimension, of: "\(dimension) dimensions")
  }
}
