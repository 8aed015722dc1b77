import Canonical
import Manifests
import Pipeline
import Testing

@testable import Stages
@testable import Theory

/// The claims about texts break when what is trained, or the text, is broken on purpose.
struct BrokenTextTests {
  private static let perplexity = "words are predicted far better than by their frequencies"
  private static let uneven = "attention becomes uneven"
  private static let falls = "the entropy of attention falls with ln τ"

  /// The claims of `text-attention` that do not hold for one seed: its trainings are what takes time.
  private func broken(
    text: @escaping @Sendable ([Int]) -> [Int] = { $0 },
    run: @escaping @Sendable (TransformerTask, _ seed: Int) -> TransformerRun = {
      $0.design.run($0.training, validation: $0.validation, seed: $1)
    }
  ) async throws -> Set<String> {
    let kind = StageKind.transformer.running { context in
      let vocabulary = try context.vocabulary()
      var tokens: [Int] = []
      try context.forEachToken(of: vocabulary) { tokens += $0.map(Int.init) }
      let task = try TransformerTask(
        context.parameters, text(tokens), vocabulary: vocabulary.count)
      return [task.file(of: run(task, context.seed)).bytes]
    }
    let claims = try await BrokenTheory.claims("text-attention", kind, set: ["seeds=1"])
    return Set(claims.filter { $0.key != "held" }.flatMap(\.value))
  }

  @Test func unbrokenAllClaimsHold() async throws {
    let broken = try await broken()
    #expect(broken.isEmpty, "\(broken)")
  }

  @Test func ascentBreaksThem() async throws {
    let broken = try await broken(run: { task, seed in
      task.design.ascending.run(task.training, validation: task.validation, seed: seed)
    })
    #expect(broken.contains(Self.perplexity), "\(broken)")
  }

  /// Words without their order can be predicted by their frequencies and no better, and there is
  /// nothing to attend to.
  @Test func aTextWithoutItsOrderBreaksThem() async throws {
    let broken = try await broken(text: { tokens in
      var tokens = tokens
      var stream = Theory.Stream(kind: "test", seed: 1, purpose: "order")
      stream.shuffle(&tokens)
      return tokens
    })
    #expect(broken.isSuperset(of: [Self.perplexity, Self.uneven, Self.falls]), "\(broken)")
  }

  /// The decoder learns from the words at hand; attention stays as it was.
  @Test func attentionThatDoesNotLearnBreaksThem() async throws {
    let broken = try await broken(run: { task, seed in task.runWithFixedAttention(seed: seed) })
    #expect(broken.isSuperset(of: [Self.uneven, Self.falls]), "\(broken)")
  }

  /// Sequences of one token more, or of the tokens that follow their labels.
  @Test(arguments: [1, 0])
  func otherSequencesBreakTheCountsOfGraphs(more: Int) async throws {
    let kind = StageKind.corpusGraphs.running { context in
      let vocabulary = try context.vocabulary()
      var tokens: [UInt32] = []
      try context.forEachToken(of: vocabulary) { tokens += $0 }
      var edges = CorpusEdges(
        context: context.parameters["data.context"].integer! + more,
        vocabulary: vocabulary.count, memory: 1 << 28, store: MemoryRuns())
      try edges.append(more > 0 ? tokens : tokens.reversed())
      var file = CorpusGraphsFile(vocabulary: vocabulary.count, keepsEdges: false)
      try edges.finish { file.append($0) }
      return [file.bytes]
    }
    let overrides = ["seeds=1", "sweep.data.order=[text]"]
    let broken = try await BrokenTheory.claims("corpus-graphs", kind, set: overrides)["broken"]
    #expect(broken?.count { $0.contains("as counted independently") } ?? 0 >= 3, "\(broken ?? [])")
  }

  @Test func aShuffledTextBreaksWhatATextKeeps() async throws {
    let kind = StageKind.tokenOrder.running { _ in [TokenOrder(shuffleSeed: 7).bytes] }
    let broken = try await BrokenTheory.claims("corpus-graphs", kind, set: ["seeds=1"])["broken"]
    #expect(broken?.contains("a text keeps priorities") ?? false, "\(broken ?? [])")
  }
}

extension TransformerTraining {
  /// The same with steps up the gradient.
  fileprivate var ascending: TransformerTraining {
    TransformerTraining(
      shape, sequences: sequences, iterations: iterations, stepSize: -stepSize, clip: clip,
      dropout: dropout, schedule: schedule, mapIterations: mapIterations,
      validationBatches: validationBatches)
  }
}

extension TransformerTask {
  /// Trains all but the maps to queries and keys, and the embeddings that they see.
  fileprivate func runWithFixedAttention(seed: Int) -> TransformerRun {
    let shape = design.shape
    let model = Transformer(shape, sequences: design.sequences)
    var parameters = shape.initialParameters(seed: seed)
    var gradient = parameters
    var run = TransformerRun(layers: shape.layers, length: shape.length)
    let records = Set(design.schedule.iterations(through: design.iterations))
    for iteration in 0...design.iterations {
      if records.contains(iteration) {
        let loss = model.loss(validation.batch(0), at: &parameters)
        var entropy = AttentionEntropy()
        entropy.add(model.attention(layer: 0), length: shape.length)
        run.append(
          .init(
            iteration: iteration, trainingLoss: nil, gradientNorm: nil, validationLoss: loss,
            entropies: [entropy]))
      }
      _ = model.gradient(training.batch(iteration), at: &parameters, into: &gradient)
      for parameter in shape.parameters
      where parameter.name == "embedding" || parameter.name.contains("attention") {
        for index in parameter.range { gradient[index] = 0 }
      }
      let scale = design.stepSize * min(1, design.clip / Kernels.norm(gradient))
      for index in parameters.indices { parameters[index] -= scale * gradient[index] }
    }
    return run
  }
}
