import Testing

@testable import Theory

@Suite struct LocalTheoryTests {
  static func theory(_ dataset: Dataset, at weights: Matrix, loss: Loss, head: Head) -> LocalTheory
  {
    LocalTheory(
      Contexts(dataset), at: weights, loss: loss, head: head,
      graphs: TokenPriorityGraph.all(of: dataset))
  }

  /// Scores of tokens 0, 1, … with last token `last`, in unit embeddings.
  static func scores(_ scores: [Double], last: Int) -> Matrix {
    var weights = Matrix(zeros: scores.count, scores.count)
    for (token, score) in scores.enumerated() { weights[token, last] = score }
    return weights
  }

  @Test func thresholdsAreThoseOfTheDefinition() {
    let masses = [0.97, 0.0100001, 0.0095, 0.0089]
    let rest = 1 - masses.reduce(0, +)
    let logs = Kernels.log(masses + [rest])
    let contexts = Contexts(.unit(5, [[0, 1, 2, 3, 4]], [0]))
    let selection = TokenSelection(at: Self.scores(logs, last: 4), of: contexts)
    #expect(selection.choices == [.selected, .selected, .ambiguous, .rejected, .rejected])
    let graph = TokenPriorityGraph.all(of: selection, in: contexts)[0]
    #expect(graph.tokens == [0, 1, 3, 4])
    #expect(Set(graph.components) == [[0, 1], [3], [4]])
    #expect(graph.edges.count == 6)
  }

  @Test func theSelectedTokensOfAContextAreOneComponent() {
    for seed in 0..<20 {
      var random = TestRandom(seed)
      let dataset = random.dataset(n: 8, t: 5, k: 6, d: 6)
      let contexts = Contexts(dataset)
      let selection = TokenSelection(at: random.matrix(6, 6).scaled(8), of: contexts)
      let graphs = TokenPriorityGraph.all(of: selection, in: contexts)
      for context in 0..<contexts.count {
        let graph = graphs[contexts.queries[context]]
        let chosen = selection.positions(.selected, in: context, of: contexts)
        #expect(!chosen.isEmpty)
        #expect(Set(chosen.map { graph.component(of: contexts.tokens[$0]) }).count == 1)
      }
    }
  }

  /// Labels 0 and 1 where descent selected 1 alone: the local theory follows descent, not the labels.
  @Test func theLabelNeedNotBeSelected() {
    let dataset = Dataset.unit(3, [[0, 1, 2], [0, 1, 2]], [0, 1])
    let weights = Self.scores([0, 20, 0], last: 2)
    let theory = Self.theory(dataset, at: weights, loss: .squared, head: .tied)
    #expect(theory.value(.isGlobal, at: weights) == 0)
    #expect(Set(theory.graphs[0].components) == [[1], [0], [2]])
    #expect(theory.value(.finiteDistance, at: weights) == 0)
    #expect(theory.value(.selectedMass, at: weights) > 0.999)
    #expect(abs(theory.value(.labelMass, at: weights) - 0.5) <= 1e-8)
    let margin = theory.margin.weights!
    #expect(abs(margin[1, 2] - margin[0, 2] - 1) <= 1e-12)
    #expect(abs(margin[0, 2] - margin[2, 2]) <= 1e-12)
  }

  /// Without a selected token in some context there is no local theory: weights are NaN, or masses
  /// of more than a hundred tokens are equal.
  @Test func whereNoTokenIsSelectedAllIsMissing() {
    let small = Dataset.unit(3, [[0, 1, 2], [0, 1, 2]], [0, 1])
    let large = Dataset.unit(120, [Array(0..<120), [1, 0]], [0, 0])
    for (dataset, weights) in [
      (small, Matrix(zeros: 3, 3).scaled(.nan)), (large, Matrix(zeros: 120, 120)),
    ] {
      let theory = Self.theory(dataset, at: weights, loss: .squared, head: .tied)
      for measure in LocalMeasure.allCases {
        #expect(theory.value(measure, at: weights).isNaN, "\(measure)")
      }
    }
  }

  /// What is measured of weights before the last ones, too.
  @Test func weightsThatAreNotFiniteAreMissing() {
    let dataset = Dataset.unit(3, [[0, 1, 2], [0, 1, 2]], [0, 1])
    let theory = Self.theory(
      dataset, at: Self.scores([0, 20, 0], last: 2), loss: .squared, head: .tied)
    let constants: [LocalMeasure] = [.svmNorm, .feasible, .isGlobal]
    for measure in LocalMeasure.allCases {
      let value = theory.value(measure, at: Matrix(zeros: 3, 3).scaled(.nan))
      #expect(value.isFinite == constants.contains(measure), "\(measure)")
    }
  }

  @Test func descentOfTheLogLossIsGlobal() {
    var found = 0
    for seed in 0..<20 {
      let design = DatasetDesign(
        sequences: 6, length: 4, vocabulary: 6, dimension: 8, embedding: .unitRandom,
        structure: .cyclic)
      let dataset = try! design.draw(seed: seed)
      let descent = Descent(
        stepSize: 0.01, isNormalised: true, iterations: 4000, schedule: .log(1))
      let weights = descent.run(Contexts(dataset), from: Matrix(zeros: 8, 8)).final
      let theory = Self.theory(dataset, at: weights, loss: .log, head: .tied)
      guard theory.value(.isGlobal, at: weights) == 1 else { continue }
      found += 1
      let graphs = TokenPriorityGraph.all(of: dataset)
      let margin = GraphSVM.solve(embeddings: dataset.embeddings, graphs: graphs).weights!
      #expect((theory.margin.weights! - margin).norm <= 1e-8 * (1 + margin.norm))
      let components = graphs.components(vocabulary: 6)
      let finite = FinitePart(
        Contexts(dataset), components: components,
        in: CyclicSubspace(embeddings: dataset.embeddings, components: components))
      #expect((theory.finitePart.weights! - finite.weights).norm <= 1e-8)
    }
    #expect(found >= 18)
  }

  /// −u_y has no finite minimiser where both tokens are to be selected, one more often.
  @Test func withoutAFiniteMinimiserItIsMissing() {
    let dataset = Dataset.unit(3, [[0, 1, 2], [0, 1, 2], [0, 1, 2]], [0, 1, 1])
    let weights = Self.scores([20, 20.5, 0], last: 2)
    let theory = Self.theory(dataset, at: weights, loss: .correlation, head: .tied)
    #expect(theory.finitePart.status == .unbounded)
    #expect(theory.finitePart.weights == nil)
    #expect(theory.value(.finiteDistance, at: weights).isNaN)
  }

  /// A label that the log-loss cannot see has no finite part; a score of 20 less is not selected.
  @Test func theLogLossNeedsItsLabel() {
    let dataset = Dataset.unit(3, [[0, 1, 2]], [2])
    let weights = Self.scores([20, 20, 0], last: 2)
    let theory = Self.theory(dataset, at: weights, loss: .log, head: .tied)
    #expect(theory.finitePart.status == .infinite)
    #expect(theory.value(.finiteDistance, at: weights).isNaN)
  }

  /// `(1 − u_y)²` over labels 2 : 1 is least where `2(1 − p)² + p²` is: p = 2/3.
  @Test func theMinimiserIsThatOfTheTrainingLoss() {
    let dataset = Dataset.unit(3, [[0, 1, 2], [0, 1, 2], [0, 1, 2]], [0, 1, 0])
    let weights = Self.scores([30, 30, 0], last: 2)
    let theory = Self.theory(dataset, at: weights, loss: .squared, head: .tied)
    let finite = theory.finitePart.weights!
    #expect(theory.finitePart.status == .converged)
    #expect(abs(finite[0, 2] - finite[1, 2] - Kernels.log(2)) <= 1e-9)
    let distance = theory.value(.finiteDistance, at: weights)
    #expect(abs(distance - Kernels.log(2) / 2.0.squareRoot()) <= 1e-9)
  }

  /// Shorter embeddings need longer weights and change nothing else.
  @Test(arguments: [0x1p-20, 0x1p-6, 0x1p6, 0x1p20]) func theFinitePartScales(scale: Double) {
    func part(_ scale: Double, start: Double) -> LocalFinitePart {
      let unit = Dataset.unit(3, [[0, 1, 2], [0, 1, 2], [0, 1, 2]], [0, 1, 0])
      let dataset = Dataset(
        embeddings: unit.embeddings.scaled(scale), sequences: unit.sequences, labels: unit.labels)
      let components = [[-1, -1, -1], [-1, -1, -1], [0, 0, 1]]
      return LocalFinitePart(
        Contexts(dataset).reduced(to: components), loss: .squared, head: .tied,
        in: CyclicSubspace(embeddings: dataset.embeddings, components: components),
        from: Self.scores([start, -start, 0], last: 2).scaled(1 / (scale * scale)))
    }
    for start in [0.2, 30] {
      let (expected, found) = (part(1, start: start), part(scale, start: start))
      #expect(found.status == expected.status)
      if let weights = expected.weights {
        #expect((found.weights!.scaled(scale * scale) - weights).norm <= 1e-9 * weights.norm)
      }
      let norm = expected.gradientNorm * scale * scale
      #expect(abs(found.gradientNorm - norm) <= 1e-9 * norm)
    }
  }

  /// The paper's local settings: where the global correlation fails, the local one holds.
  @Test(arguments: [
    LossTests.Variant(loss: .squared, head: .general),
    LossTests.Variant(loss: .crossEntropy(temperature: 1), head: .tied),
    LossTests.Variant(loss: .crossEntropy(temperature: 1), head: .general),
  ])
  func theLocalCorrelationHoldsWhereTheGlobalFails(variant: LossTests.Variant) {
    let design = DatasetDesign(
      sequences: 6, length: 4, vocabulary: 6, dimension: 8, embedding: .unitRandom,
      structure: .cyclic)
    let descent = Descent(
      stepSize: 0.1, isNormalised: true, iterations: 2000, schedule: .log(1), loss: variant.loss,
      head: variant.head)
    var (local, distances, worst) = (0.0, [Double](), 1.0)
    for seed in 0..<30 {
      var random = TestRandom(seed)
      let dataset = try! design.draw(seed: seed)
      let start = random.matrix(8, 8).scaled(1 / 8.0.squareRoot())
      let weights = descent.run(Contexts(dataset), from: start).final
      let theory = Self.theory(dataset, at: weights, loss: variant.loss, head: variant.head)
      local += theory.value(.correlation, at: weights) / 30
      distances.append(theory.value(.finiteDistance, at: weights))
      let margin = GraphSVM.solve(
        embeddings: dataset.embeddings, graphs: TokenPriorityGraph.all(of: dataset)
      ).weights!
      let cosine = Kernels.dot(margin.elements, weights.elements) / (margin.norm * weights.norm)
      worst = min(worst, cosine)
    }
    #expect(local > 0.985)
    #expect(worst < 0.7)
    // η/2 = .05.
    #expect(distances.filter { $0 <= 0.07 }.count >= 28)
  }
}
