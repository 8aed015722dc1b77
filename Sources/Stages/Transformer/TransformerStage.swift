import Canonical
import Manifests
import Pipeline
import Theory

extension StageKind {
  /// Stochastic gradient descent on the words of a text, recorded on its schedule.
  static let transformer = StageKind(
    "training", version: 1, models: ["transformer"], scope: .run,
    reads: TransformerTraining.reads + ["data.text", "data.validation"], readsSeed: true,
    inputs: [.own("vocabulary")], outputs: [TransformerFile.name],
    cost: TransformerTraining.cost, usesThreads: true
  ) { context in
    let vocabulary = try context.vocabulary()
    var tokens: [Int] = []
    try context.forEachToken(of: vocabulary) { tokens += $0.map(Int.init) }
    let task = try TransformerTask(context.parameters, tokens, vocabulary: vocabulary.count)
    let run = task.design.run(
      task.training, validation: task.validation, seed: context.seed,
      workers: Workers(count: context.threads))
    return [task.file(of: run).bytes]
  }
}

/// A training with its text: the last part of the tokens is for validation.
struct TransformerTask {
  let design: TransformerTraining
  let training: TokenColumns
  let validation: TokenColumns
  /// All that is trained on.
  private let tokens: [Int]

  /// - Throws: ``FormatError`` where a part of the text has not even one batch.
  init(_ parameters: Parameters, _ tokens: [Int], vocabulary: Int) throws(FormatError) {
    let share = parameters["data.validation"].double!
    let split = tokens.count - Int((Double(tokens.count) * share).rounded(.up))
    design = TransformerTraining(parameters, vocabulary: vocabulary)
    validation = try design.columns(Array(tokens[split...]), "validation")
    self.tokens = Array(tokens[..<split])
    training = try design.columns(self.tokens, "training")
  }

  /// What was recorded of a run, beside the loss of the unigram model on the same batches.
  func file(of run: TransformerRun) -> TransformerFile {
    let batches = (0..<min(validation.count, design.validationBatches)).map(validation.batch)
    let unigram = UnigramModel.loss(
      of: batches.flatMap(\.labels), after: tokens, vocabulary: design.shape.vocabulary)
    let first = batches[0].tokens.prefix(design.shape.length)
    return TransformerFile(run: run, unigramLoss: unigram, mapTokens: Array(first))
  }
}
