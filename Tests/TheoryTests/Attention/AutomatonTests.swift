import Testing

@testable import Theory

@Suite struct AutomatonTests {
  struct Problem {
    let dataset: Dataset
    let graphs: [TokenPriorityGraph]
    let margin: Matrix
    let finite: Matrix
    let automaton: Automaton

    init(_ dataset: Dataset) {
      self.dataset = dataset
      graphs = TokenPriorityGraph.all(of: dataset)
      let components = graphs.components(vocabulary: dataset.vocabulary)
      margin = GraphSVM.solve(embeddings: dataset.embeddings, graphs: graphs).weights!
      finite =
        FinitePart(
          Contexts(dataset), components: components,
          in: CyclicSubspace(embeddings: dataset.embeddings, components: components)
        ).weights
      automaton = Automaton(
        embeddings: dataset.embeddings, graphs: graphs, margin: margin, finitePart: finite)
    }
  }

  /// With last token 4: 0 ≍ 1 (2 : 1) above 3 and 4; 2 above 4 alone.
  static let problem = Problem(
    .unit(
      6, [[0, 1, 3, 4], [0, 1, 3, 4], [1, 0, 3, 4], [2, 4], [2, 4]], [0, 0, 1, 2, 2]))

  @Test func aUniqueComponentIsComposedWithCounts() {
    let prediction = Self.problem.automaton.prediction(of: [0, 1, 1, 3, 4])
    #expect(prediction.status == .unique)
    let expected = [0.5, 0.5, 0, 0, 0, 0]
    for (p, q) in zip(prediction.distribution!, expected) { #expect(abs(p - q) <= 1e-9) }
    #expect(abs(prediction.gap - 1) <= 1e-9)
    #expect(prediction.distance(to: [1, 0, 0, 0, 0, 0]) < 0.5 + 1e-9)
  }

  /// 3 and 4 are reached from 0 and 1, also over tokens that the context does not have.
  @Test func retrievalUsesTheWholeGraph() {
    let chain = Problem(.unit(4, [[0, 1, 3], [1, 2, 3]], [0, 1]))
    let prediction = chain.automaton.prediction(of: [2, 0, 3])
    #expect(prediction.status == .unique)
    #expect(prediction.distribution == [1, 0, 0, 0])
  }

  @Test func incomparableTokensAreDecidedByTheMargin() {
    // The margins: 0 ⇒ 1 ⇒ 2 and 3 ⇒ 2, so 0 is two steps up and 3 one or more.
    let problem = Problem(.unit(5, [[0, 1, 4], [1, 2, 4], [3, 2, 4]], [0, 1, 3]))
    let prediction = problem.automaton.prediction(of: [0, 3, 4])
    #expect(prediction.status == .byMargin)
    #expect(prediction.distribution == [1, 0, 0, 0, 0])
    #expect(prediction.gap > 0.1)
  }

  @Test func tiesAndUnseenLastTokensAreNotPredicted() {
    let problem = Problem(.unit(4, [[0, 3], [1, 3]], [0, 1]))
    let tie = problem.automaton.prediction(of: [0, 1, 3])
    #expect(tie.status == .ambiguous && tie.distribution == nil)
    #expect(tie.distance(to: [1, 0, 0, 0]).isNaN)
    #expect(problem.automaton.prediction(of: [3, 0]).status == .unseen)
    let without = Automaton(
      embeddings: problem.dataset.embeddings, graphs: problem.graphs, margin: nil,
      finitePart: problem.finite)
    #expect(without.prediction(of: [0, 1, 3]).status == .ambiguous)
    #expect(without.prediction(of: [0, 3]).status == .unique)
    let unsolved = Automaton(
      embeddings: problem.dataset.embeddings, graphs: problem.graphs, margin: problem.margin,
      finitePart: nil)
    let retrieved = unsolved.prediction(of: [0, 3])
    #expect(retrieved.retrieved == [0] && retrieved.distribution == nil)
  }

  @Test(arguments: 0..<20) func trainingContextsAreUniqueAndHoldTheirLabel(seed: Int) {
    var random = TestRandom(seed)
    let problem = Problem(random.dataset(n: 10, t: 4, k: 6, d: 8))
    for (sequence, label) in zip(problem.dataset.sequences, problem.dataset.labels) {
      let prediction = problem.automaton.prediction(of: sequence)
      #expect(prediction.status == .unique)
      #expect(prediction.distribution![label] > 0)
      #expect(abs(prediction.distribution!.reduce(0, +) - 1) <= 1e-15)
    }
  }

  /// `C·W_svm + W_fin` becomes the automaton as C grows, wherever it predicts.
  @Test(arguments: 0..<10) func theTheorysWeightsAreTheAutomaton(seed: Int) {
    var random = TestRandom(seed)
    let problem = Problem(random.dataset(n: 10, t: 4, k: 6, d: 8))
    let weights = problem.margin.scaled(3000).plus(problem.finite)
    let model = NextTokenModel(weights: weights, embeddings: problem.dataset.embeddings)
    for _ in 0..<50 {
      let context = (0..<4).map { _ in random.below(6) }
      let prediction = problem.automaton.prediction(of: context)
      guard prediction.gap > 0.02 else { continue }
      #expect(prediction.distance(to: model.distribution(after: context)) <= 1e-6)
    }
  }

  @Test func theModelIsTheAttentionMass() {
    var random = TestRandom(4)
    let dataset = random.dataset(n: 5, t: 7, k: 5, d: 3)
    let weights = random.matrix(3, 3)
    let model = NextTokenModel(weights: weights, embeddings: dataset.embeddings)
    let contexts = Contexts(dataset)
    let masses = AttentionMass.masses(at: weights, of: contexts)
    let all = dataset.sequences.map { model.distribution(after: $0) }
    for context in 0..<contexts.count {
      let found = all.contains { distribution in
        (contexts.starts[context]..<contexts.starts[context + 1]).allSatisfy {
          abs(distribution[contexts.tokens[$0]] - masses[$0]) <= 1e-14
        }
      }
      #expect(found)
    }
  }

  @Test func theAgreementCountsEveryContext() {
    let problem = Self.problem
    let model = NextTokenModel(
      weights: problem.margin.scaled(100).plus(problem.finite),
      embeddings: problem.dataset.embeddings)
    let agreement = AutomatonAgreement(
      of: problem.automaton, on: [[0, 1, 4], [0, 2, 4], [0, 5], [3, 4]])
    let shares = Prediction.Status.allCases.map(agreement.share)
    #expect(shares.reduce(0, +) == 1)
    #expect(agreement.share(.unseen) == 0.25)
    #expect(agreement.share(.unique) == 0.25)
    #expect(agreement.distance(to: model) { $0.status == .unique } <= 1e-9)
    #expect(agreement.distance(to: model) { $0.status == .unseen }.isNaN)
    let alone = AutomatonAgreement(of: problem.automaton, on: [[0, 1, 4]])
    #expect(alone.distance(to: model) <= 1e-9)
  }

  @Test func retrievedTokensAreThoseOfTheDistribution() {
    var random = TestRandom(6)
    let problem = Problem(random.dataset(n: 10, t: 4, k: 6, d: 8))
    for _ in 0..<100 {
      let prediction = problem.automaton.prediction(of: (0..<4).map { _ in random.below(6) })
      let support = prediction.distribution?.indices.filter { prediction.distribution![$0] > 0 }
      #expect(prediction.retrieved == support ?? [])
    }
  }

  /// Without the rounding of 1 − correlation: a rotation by the angle φ has 1 − cos φ.
  @Test(arguments: [1e-3, 1e-9]) func misalignmentKeepsItsDigits(sine: Double) {
    let left = Matrix(rows: 1, columns: 2, elements: [3, 0])
    let right = Matrix(rows: 1, columns: 2, elements: [(1 - sine * sine).squareRoot(), sine])
    let expected = sine * sine / (1 + (1 - sine * sine).squareRoot())
    #expect(abs(Decomposition.misalignment(left, right) - expected) <= 1e-9 * expected)
    #expect(Decomposition.misalignment(left, Matrix(zeros: 1, 2)).isNaN)
    let opposite = Matrix(rows: 1, columns: 2, elements: [-1, 0])
    #expect(Decomposition.misalignment(left, opposite) == 2)
  }

  @Test func decompositionSplitsWhatTheTheoryAddsUp() {
    let problem = Self.problem
    var other = Matrix(zeros: 6, 6)
    other[5, 5] = 2
    let weights = problem.margin.scaled(7).plus(problem.finite).plus(other)
    let split = Decomposition(of: weights, margin: problem.margin, finitePart: problem.finite)
    #expect(abs(split.factor - 7) <= 1e-9)
    #expect((split.remainder - other).norm <= 1e-9)
    let none = Decomposition(
      of: weights, margin: Matrix(zeros: 6, 6), finitePart: problem.finite)
    #expect(none.factor.isNaN)
  }

  @Test func freshContextsAreIndependentOfTheDataset() throws {
    let design = DatasetDesign(
      sequences: 6, length: 4, vocabulary: 6, dimension: 8, embedding: .unitRandom)
    let dataset = try design.draw(seed: 3)
    let contexts = design.drawContexts(50, beside: dataset, seed: 3)
    #expect(contexts.count == 50 && contexts.allSatisfy { Set($0).count == 4 })
    #expect(Array(contexts.prefix(6)) != dataset.sequences)
    #expect(design.drawContexts(50, beside: dataset, seed: 3) == contexts)
  }

  @Test(arguments: [Structure.any, .cyclic], 0..<5)
  func freshContextsShareWhatTheDatasetShares(structure: Structure, seed: Int) throws {
    var design = DatasetDesign(
      sequences: 8, length: 4, vocabulary: 7, dimension: 8, embedding: .unitRandom,
      structure: structure)
    design.sameLastToken = true
    var dataset = try design.draw(seed: seed)
    var contexts = design.drawContexts(50, beside: dataset, seed: seed)
    #expect(Set(contexts.map { $0.last! }) == [dataset.sequences[0].last!])
    #expect(Set(contexts.joined()).count == 7)
    (design.sameLastToken, design.sameTokenSet) = (false, true)
    dataset = try design.draw(seed: seed)
    contexts = design.drawContexts(50, beside: dataset, seed: seed)
    #expect(contexts.allSatisfy { Set($0) == Set(dataset.sequences[0]) })
    #expect(Set(contexts.map { $0.last! }).count == 4)
  }
}
