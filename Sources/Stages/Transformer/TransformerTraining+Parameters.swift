import Canonical
import Manifests
import Theory

extension TransformerTraining {
  /// The parameters that describe a training.
  static let reads =
    TransformerShape.reads + [
      "train.dropout", "train.batch", "train.step.size", "train.step.clip", "train.iterations",
      "train.record", "train.maps", "train.validation-batches",
    ]

  /// About how long a training takes, in seconds: the products of the layers at 30 GFLOP/s, and as
  /// those of two thirds of a layer for the decoder, whose vocabulary is not known here.
  static func cost(_ parameters: Parameters) -> Double {
    func number(_ path: String) -> Double { Double(parameters[path].integer ?? 0) }
    let tokens = number("train.batch") * number("data.length") * number("train.iterations")
    let dimension = number("train.dimension")
    let layer = 2 * dimension * (2 * dimension + number("train.feed-forward"))
    return tokens * 6 * layer * (number("train.layers") + 2.0 / 3) / 30e9
  }

  init(_ parameters: Parameters, vocabulary: Int) {
    let record = parameters["train.record"]
    self.init(
      TransformerShape(parameters, vocabulary: vocabulary),
      sequences: parameters["train.batch"].integer!,
      iterations: parameters["train.iterations"].integer!,
      stepSize: parameters["train.step.size"].double!, clip: parameters["train.step.clip"].double!,
      dropout: parameters["train.dropout"].double!,
      schedule: record["every"]?.integer.map(RecordSchedule.every)
        ?? .log(record["log"]!.integer!),
      mapIterations: parameters["train.maps"].list!.compactMap(\.integer),
      validationBatches: parameters["train.validation-batches"].integer!)
  }

  /// Cuts a text into columns.
  /// - Throws: ``FormatError`` where it has not even one batch.
  func columns(_ tokens: [Int], _ part: String) throws(FormatError) -> TokenColumns {
    let columns = TokenColumns(tokens, columns: sequences, length: shape.length)
    guard columns.count > 0 else {
      throw FormatError(
        "the \(part) part of the text has \(tokens.count) tokens; a batch of \(sequences) sequences "
          + "of \(shape.length) and their labels needs \(sequences * (shape.length + 1))")
    }
    return columns
  }
}

extension TransformerShape {
  /// The parameters that describe a shape, beside the size of the vocabulary.
  static let reads = [
    "data.length", "train.layers", "train.dimension", "train.feed-forward", "train.positions",
    "train.residual", "train.layer-norm",
  ]

  init(_ parameters: Parameters, vocabulary: Int) {
    self.init(
      vocabulary: vocabulary, dimension: parameters["train.dimension"].integer!,
      hidden: parameters["train.feed-forward"].integer!,
      layers: parameters["train.layers"].integer!, length: parameters["data.length"].integer!,
      hasPositions: parameters["train.positions"].bool!,
      isResidual: parameters["train.residual"].bool!,
      isNormalised: parameters["train.layer-norm"].bool!)
  }
}
