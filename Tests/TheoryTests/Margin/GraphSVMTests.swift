import TestSupport
import Testing

@testable import Theory

/// What holds of the Graph-SVM's solutions on all kinds of instances.
struct GraphSVMTests {
  /// Kinds with condition numbers of 1e10 and more: `notConverged` is an honest answer there.
  static let hard: [Instance] = [.nearlyDuplicated, .nearlyDependent, .badlyScaled]
  /// The kinds on which an answer is promised.
  static let promised = Instance.allCases.filter { !hard.contains($0) }

  static func solve(_ dataset: Dataset) -> GraphSVM.Solution {
    GraphSVM.solve(embeddings: dataset.embeddings, graphs: TokenPriorityGraph.all(of: dataset))
  }

  @Test(arguments: promised, Instance.Structure.allCases)
  func everyAnswerProvesItself(kind: Instance, structure: Instance.Structure) {
    for (tokens, seeds) in [(2, 1...3), (5, 1...12), (9, 1...6), (16, 1...3), (33, 1...1)] {
      for seed in seeds {
        let dataset = kind.dataset(
          tokens: tokens, sequences: [2, 6, 12][seed % 3] * tokens, length: [3, 5, 8][seed % 3],
          structure: structure, seed: seed)
        let recheck = Recheck(dataset, Self.solve(dataset))
        #expect(recheck.residual <= 2e-9, "\(tokens) tokens, seed \(seed)")
      }
    }
  }

  @Test(arguments: hard, Instance.Structure.allCases)
  func noAnswerOnHardInstancesIsWrong(kind: Instance, structure: Instance.Structure) {
    var answers = 0
    for seed in 1...12 {
      let dataset = kind.dataset(
        tokens: 6, sequences: 24, length: 4, structure: structure, seed: seed)
      let solution = Self.solve(dataset)
      if case .notConverged = solution.status { continue }
      answers += 1
      #expect(solution.weights != nil, "independent embeddings are feasible")
      #expect(Recheck(dataset, solution).residual <= 2e-9)
    }
    #expect(answers >= (kind == .nearlyDuplicated ? 1 : 11))
  }

  /// Pairs of embeddings that nearly coincide: independent, so feasible, though ‖W‖ may pass 1e15.
  @Test(arguments: [1e-5, 1e-7, 1e-9, 1e-11])
  func nearlyEqualEmbeddingsAreNotCalledInfeasible(difference: Double) {
    for seed in 1...24 {
      let drawn = Instance.square.dataset(
        tokens: 8, sequences: 20, length: 5, structure: .uniform, seed: seed)
      var embeddings = drawn.embeddings
      for token in stride(from: 1, to: 8, by: 2) {
        for column in 0..<embeddings.columns {
          embeddings[token, column] =
            embeddings[token - 1, column] + difference * drawn.embeddings[token, column]
        }
      }
      let dataset = Dataset(
        embeddings: embeddings, sequences: drawn.sequences, labels: drawn.labels)
      #expect(Self.solve(dataset).weights != nil, "seed \(seed)")
    }
  }

  @Test(arguments: [Instance.square, .wide, .orthonormal])
  func independentEmbeddingsAreFeasible(kind: Instance) {
    for seed in 1...10 {
      for structure in Instance.Structure.allCases {
        let dataset = kind.dataset(
          tokens: 12, sequences: 60, length: 5, structure: structure, seed: seed)
        guard case .optimal = Self.solve(dataset).status else {
          Issue.record("\(structure), seed \(seed)")
          continue
        }
      }
    }
  }

  /// Problems large enough for threads: of a single block, with equalities, of a block per last
  /// token, and one whose sweeps are shared too.
  @Test(
    arguments: [
      (Instance.square, Instance.Structure.strictOrder, 64), (.square, .blocks, 64),
      (.orthonormal, .strictOrder, 64), (.square, .strictOrder, 192),
    ])
  func threadsChangeNoBit(kind: Instance, structure: Instance.Structure, tokens: Int) {
    let dataset = kind.dataset(
      tokens: tokens, sequences: 8 * tokens, length: 10, structure: structure, seed: 1)
    let graphs = TokenPriorityGraph.all(of: dataset)
    let alone = GraphSVM.solve(embeddings: dataset.embeddings, graphs: graphs)
    for threads in 2...4 {
      let shared = GraphSVM.solve(
        embeddings: dataset.embeddings, graphs: graphs, workers: Workers(count: threads))
      #expect(shared.status == alone.status)
      #expect(shared.weights == alone.weights)
      #expect(shared.work == alone.work)
    }
  }

  /// Embeddings of few dimensions, put into more by a map that is rounded: the same answer as in few.
  @Test(arguments: [2, 3, 4])
  func roundedDimensionsDoNotHideInfeasibility(rank: Int) {
    for seed in 1...15 {
      let drawn = Instance.square.dataset(
        tokens: 16, sequences: 40, length: 5, structure: .strictOrder, seed: seed
      ).projected(to: rank)
      var generator = SplitMix(seed)
      let map = Matrix((0..<rank).map { _ in (0..<16).map { _ in generator.normal() } })
      let raised = Dataset(
        embeddings: drawn.embeddings * map, sequences: drawn.sequences, labels: drawn.labels)
      guard case .infeasible = Self.solve(drawn).status else { continue }
      let solution = Self.solve(raised)
      guard case .infeasible = solution.status else {
        Issue.record("rank \(rank), seed \(seed): \(solution.status)")
        continue
      }
      #expect(Recheck(raised, solution).residual <= 1e-9)
    }
  }

  /// Whatever the norms of the embeddings, no answer is further from a solution than W = 0.
  @Test(arguments: [3.0, 6, 12])
  func unequalNormsAreSolvedOrLeftOpen(decades: Double) {
    var solved = 0
    for seed in 1...20 {
      let drawn = Instance.square.dataset(
        tokens: 6, sequences: 24, length: 4, structure: .strictOrder, seed: seed)
      var (embeddings, generator) = (drawn.embeddings, SplitMix(seed))
      for token in 0..<6 {
        var scale = 1.0
        for _ in 0..<Int(decades) { scale *= generator.below(2) == 0 ? 10 : 0.1 }
        for column in 0..<6 { embeddings[token, column] *= scale }
      }
      let dataset = Dataset(
        embeddings: embeddings, sequences: drawn.sequences, labels: drawn.labels)
      let solution = Self.solve(dataset)
      switch solution.status {
      case .optimal: solved += 1
      case .notConverged(let certificate): #expect(certificate.primalResidual <= 1)
      case .infeasible: Issue.record("independent embeddings are feasible")
      }
    }
    #expect(solved >= (decades == 3 ? 20 : 1), "\(solved) are solved")
  }

  @Test(arguments: [1e-59, 1e-40, 1e-10, 1e10, 1e40, 1e59])
  func scaleIsNoMatter(scale: Double) {
    let drawn = Instance.square.dataset(
      tokens: 6, sequences: 24, length: 4, structure: .blocks, seed: 1)
    var scaled = drawn.embeddings
    for index in scaled.elements.indices { scaled.elements[index] *= scale }
    let dataset = Dataset(embeddings: scaled, sequences: drawn.sequences, labels: drawn.labels)
    guard case .optimal = Self.solve(dataset).status else {
      Issue.record("not optimal")
      return
    }
    let (norm, unscaled) = (Self.solve(dataset).objective!, Self.solve(drawn).objective!)
    #expect(abs(norm * scale * scale / unscaled - 1) <= 1e-12)
    #expect(throws: Never.self) { try dataset.validate() }
  }

  @Test func noConstraintsMeanZero() {
    let solution = GraphSVM.solve(embeddings: Matrix(zeros: 3, 2), graphs: [])
    guard case .optimal(let certificate) = solution.status else {
      Issue.record("not optimal")
      return
    }
    #expect(solution.weights == Matrix(zeros: 2, 2))
    #expect(solution.objective == 0)
    #expect(certificate.worst == 0)
    #expect(certificate.multipliers.isEmpty)
  }

  @Test func cyclesAloneMeanZero() {
    let dataset = Instance.square.dataset(
      tokens: 6, sequences: 36, length: 6, structure: .allCyclic, seed: 1)
    #expect(Self.solve(dataset).weights == Matrix(zeros: 6, 6))
  }

  @Test func equalEmbeddingsCannotBeOrdered() {
    let dataset = Dataset(
      embeddings: Matrix([[1, 0], [1, 0], [0, 1]]), sequences: [[0, 1, 2]], labels: [0])
    guard case .infeasible(let farkas) = Self.solve(dataset).status else {
      Issue.record("not infeasible")
      return
    }
    #expect(farkas.residual == 0)
    #expect(farkas.multipliers.map(\.value) == [1])
    #expect(farkas.multipliers.first?.other == 1)
  }

  @Test func oneMarginHasAClosedForm() {
    let dataset = Dataset(
      embeddings: Matrix([[3, 0], [0, 4]]), sequences: [[0, 1]], labels: [0])
    let solution = Self.solve(dataset)
    // W = (e_0 − e_1) e_1ᵀ / (‖e_0 − e_1‖² ‖e_1‖²)
    #expect(abs(solution.objective! - 1 / 20) <= 1e-15)
    #expect(abs(solution.weights![0, 1] - 12.0 / 400) <= 1e-15)
    #expect(abs(solution.weights![1, 1] + 16.0 / 400) <= 1e-15)
  }

  @Test func repeatedSolvesAgreeToTheBit() {
    let dataset = Instance.square.dataset(
      tokens: 40, sequences: 240, length: 8, structure: .strictOrder, seed: 5)
    #expect(Self.solve(dataset).weights == Self.solve(dataset).weights)
  }

  /// A vertex of the Farkas vectors vanishes to 4e-10 only, as nearly dependent rows are in it.
  @Test func manyTokensInFewDimensionsAreProvedInfeasible() {
    let drawn = Instance.square.dataset(
      tokens: 128, sequences: 1280, length: 8, structure: .strictOrder, seed: 1)
    let dataset = drawn.projected(to: 28)
    let solution = Self.solve(dataset)
    guard case .infeasible(let farkas) = solution.status else {
      Issue.record("not infeasible")
      return
    }
    #expect(farkas.relativeResidual <= 1e-15)
    #expect(Recheck(dataset, solution).residual <= 1e-12)
  }

  @Test func hundredsOfTokensAreSolvedExactly() {
    let dataset = Instance.square.dataset(
      tokens: 128, sequences: 1280, length: 8, structure: .strictOrder, seed: 1)
    let solution = Self.solve(dataset)
    guard case .optimal(let certificate) = solution.status else {
      Issue.record("not optimal")
      return
    }
    #expect(certificate.worst <= 1e-12)
    #expect(solution.work.fallback == 0)
  }
}
