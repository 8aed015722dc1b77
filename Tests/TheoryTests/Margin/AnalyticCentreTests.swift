import TestSupport
import Testing

@testable import Theory

/// The proof of infeasibility by all rows at once, against the active-set method.
struct AnalyticCentreTests {
  /// The reduced rows of a dataset as one block, and λ of all of them if they have a centre.
  static func farkas(_ dataset: Dataset) -> (GraphSVM.FarkasCertificate?, ConstraintGram) {
    let graphs = TokenPriorityGraph.all(of: dataset)
    let block = ConstraintGram(
      embeddings: dataset.embeddings, constraints: graphs.flatMap(\.reducedConstraints),
      arena: Arena())
    var method = AnalyticCentre(block)
    guard let values = method.farkas() else { return (nil, block) }
    let evidence = Evidence(
      embeddings: dataset.embeddings, constraints: graphs.flatMap(\.constraints))
    return (evidence.farkas(block.multipliers(values, on: Array(0..<block.count))), block)
  }

  @Test(arguments: [Instance.Structure.strictOrder, .blocks, .uniform])
  func whatHasACentreIsInfeasible(structure: Instance.Structure) {
    var centres = 0
    for dimension in 2...7 {
      for seed in 1...12 {
        let dataset = Instance.square.dataset(
          tokens: 18, sequences: 90, length: 4, structure: structure, seed: seed
        ).projected(to: dimension)
        let (farkas, block) = Self.farkas(dataset)
        guard let farkas else { continue }
        centres += 1
        #expect(GraphSVMTests.solve(dataset).weights == nil, "\(dimension), seed \(seed)")
        #expect(farkas.residual <= 1e-14 && farkas.relativeResidual <= 1e-15)
        #expect(farkas.multipliers.count == block.count, "every row has a part")
      }
    }
    #expect(centres >= 60)
  }

  /// Labels that a `W` chooses, so that it is feasible, with more rows than unknowns.
  @Test(arguments: 1...12) func whatIsFeasibleHasNoCentre(seed: Int) {
    let drawn = Instance.square.dataset(
      tokens: 24, sequences: 100, length: 6, structure: .uniform, seed: seed
    ).projected(to: 6)
    var generator = SplitMix(seed)
    let weights = Matrix((0..<6).map { _ in (0..<6).map { _ in generator.normal() } })
    let scores = drawn.embeddings * weights * drawn.embeddings.transposed
    let labels = drawn.sequences.map { sequence in
      sequence.max { scores[$0, sequence.last!] < scores[$1, sequence.last!] }!
    }
    let (farkas, block) = Self.farkas(
      Dataset(embeddings: drawn.embeddings, sequences: drawn.sequences, labels: labels))
    #expect(block.count > 36)
    #expect(farkas == nil)
  }

  /// One row of +1 and two of −1: `1/(1 − W) = 2/(1 + W)` at `W = 1/3`, so unit rows have λ = 3/2, 3/4,
  /// 3/4. Rows of norm 1, 2 and 8 have a half and an eighth of that, 16 : 4 : 1.
  @Test func oneDimensionHasAClosedForm() {
    let dataset = Dataset(
      embeddings: Matrix([[1], [2], [4]]), sequences: [[1, 0], [0, 1], [1, 2]],
      labels: [1, 0, 1])
    let values = Self.farkas(dataset).0?.multipliers.map(\.value) ?? []
    #expect(values.count == 3)
    for (value, expected) in zip(values, [16.0, 4, 1]) {
      #expect(abs(value - expected / 21) <= 1e-15)
    }
  }

  /// Rows that do not span all matrices have no centre, whatever else holds of them.
  @Test func fewRowsHaveNoCentre() {
    let dataset = Dataset(
      embeddings: Matrix([[1, 0], [1, 0], [0, 1]]), sequences: [[0, 2], [1, 2]], labels: [0, 1])
    #expect(Self.farkas(dataset).0 == nil)
  }
}

extension Dataset {
  /// The same sequences, with the first coordinates of each embedding.
  func projected(to dimension: Int) -> Dataset {
    Dataset(
      embeddings: Matrix(
        (0..<vocabulary).map { Array(embeddings[row: $0].prefix(dimension)) }),
      sequences: sequences, labels: labels)
  }
}
