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
    cost: TransformerTraining.cost
  ) { context in
    let vocabulary = try context.vocabulary()
    var tokens: [Int] = []
    try context.forEachToken(of: vocabulary) { tokens += $0.map(Int.init) }
    let share = context.parameters["data.validation"].double!
    let split = tokens.count - Int((Double(tokens.count) * share).rounded(.up))
    let training = TransformerTraining(context.parameters, vocabulary: vocabulary.count)
    let validation = try training.columns(Array(tokens[split...]), "validation")
    let run = training.run(
      try training.columns(Array(tokens[..<split]), "training"), validation: validation,
      seed: context.seed)
    let batches = (0..<min(validation.count, training.validationBatches)).map(validation.batch)
    let unigram = UnigramModel.loss(
      of: batches.flatMap(\.labels), after: Array(tokens[..<split]), vocabulary: vocabulary.count)
    let first = batches[0].tokens.prefix(training.shape.length)
    return [TransformerFile(run: run, unigramLoss: unigram, mapTokens: Array(first)).bytes]
  }
}
