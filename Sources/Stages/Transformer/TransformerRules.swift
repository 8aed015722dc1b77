import Canonical
import Manifests
import Theory

extension ModelFamily {
  /// The combinations of parameters that no transformer can have.
  static let transformerRules: [Rule] = [
    Rule(reads: ["train.maps", "train.iterations"], of: .everyCellAsStated, check: mapsAreReached),
    Rule(reads: ["train.batch", "data.length", "data.vocabulary"], check: batchFits),
    Rule(reads: TransformerShape.reads + ["data.vocabulary"], check: parametersFit),
  ]

  /// Those of the default that a short training does not reach are not made.
  @Sendable
  private static func mapsAreReached(_ cell: Parameters) -> [Violation] {
    guard cell["train.maps"] != defaultMaps else { return [] }
    let last = cell["train.iterations"].integer!
    let late = cell["train.maps"].list!.compactMap(\.integer).filter { $0 > last }
    return late.prefix(1).map {
      Violation(
        "train.maps",
        "train.maps wants a map at iteration \($0), but training ends at iteration \(last)")
    }
  }

  /// The most logits of a batch, and the most parameters: 4 GiB.
  private static let most = 1 << 29

  @Sendable
  private static func batchFits(_ cell: Parameters) -> [Violation] {
    let tokens = cell["train.batch"].integer! * cell["data.length"].integer!
    let vocabulary = cell["data.vocabulary"].integer!
    guard tokens > most / vocabulary else { return [] }
    return [
      Violation(
        "train.batch",
        "\(tokens) tokens with \(vocabulary) logits each are more than 4 GiB")
    ]
  }

  /// Of the vocabulary only the most is known.
  @Sendable
  private static func parametersFit(_ cell: Parameters) -> [Violation] {
    let shape = TransformerShape(cell, vocabulary: cell["data.vocabulary"].integer!)
    let count = shape.parameters.last!.range.upperBound
    guard count > most else { return [] }
    return [Violation("train.dimension", "\(count) parameters are more than 4 GiB")]
  }
}
