import Testing

@testable import Theory

@Suite struct MeasuresTests {
  /// With last token 2: 0 ≍ 1 ⇒ 2. `W_svm` has scores (2/3·½ …) by hand: e = unit vectors.
  static let dataset = Dataset.unit(3, [[0, 1, 2], [0, 1, 2], [1, 0, 2]], [0, 1, 1])
  static let contexts = Contexts(dataset)
  static let components = dataset.closureComponents
  static let subspace = CyclicSubspace(
    embeddings: dataset.embeddings, components: components)
  static let finite = FinitePart(contexts, components: components, in: subspace).weights
  /// The shortest column with s_0 = s_1 = s_2 + 1.
  static let margin = Matrix(
    rows: 3, columns: 3, elements: [0, 0, 1.0 / 3, 0, 0, 1.0 / 3, 0, 0, -2.0 / 3])

  static func measures(margin: Matrix?, finitePart: Matrix? = finite) -> Measures {
    Measures(
      contexts, components: components, margin: margin, subspace: subspace,
      finitePart: finitePart)
  }

  @Test func namesAreThoseOfManifests() {
    #expect(
      AttentionMeasure.allCases.map(\.rawValue) == [
        "correlation", "finite-correlation", "projected-correlation", "finite-distance", "norm",
        "label-mass", "neg-log-rest", "loss", "gradient-norm", "svm-norm", "feasible",
      ])
  }

  @Test func theTheorysOwnWeightsMeasurePerfect() {
    let measures = Self.measures(margin: Self.margin)
    let weights = Self.margin.scaled(7).plus(Self.finite)
    #expect(abs(measures.value(.finiteCorrelation, at: weights)! - 1) <= 1e-15)
    #expect(abs(measures.value(.projectedCorrelation, at: weights)! - 1) <= 1e-15)
    #expect(measures.value(.finiteDistance, at: weights)! <= 1e-15)
    #expect(abs(measures.value(.correlation, at: Self.margin)! - 1) <= 1e-15)
    let expected =
      7 * Self.margin.norm
      / (49 * Kernels.dot(Self.margin.elements, Self.margin.elements)
      + Kernels.dot(Self.finite.elements, Self.finite.elements)).squareRoot()
    #expect(abs(measures.value(.correlation, at: weights)! - expected) <= 1e-15)
  }

  @Test func theNearestMultipleIsNeverNegative() {
    let measures = Self.measures(margin: Self.margin)
    let weights = Self.margin.scaled(-7).plus(Self.finite)
    let expected =
      Kernels.dot(weights.elements, Self.finite.elements) / (weights.norm * Self.finite.norm)
    #expect(abs(measures.value(.finiteCorrelation, at: weights)! - expected) <= 1e-15)
  }

  /// Newton's method that may take no step ends away from the minimum, and says so.
  @Test func aFinitePartThatWasNotFoundIsMissing() {
    let part = FinitePart(
      Self.contexts, components: Self.components, in: Self.subspace, limit: 0)
    #expect(part.certificate.status == .iterationLimit && part.minimiser == nil)
    let measures = Self.measures(margin: Self.margin, finitePart: part.minimiser)
    #expect(measures.value(.finiteDistance, at: Self.margin)!.isNaN)
    #expect(measures.value(.finiteCorrelation, at: Self.margin)!.isNaN)
    #expect(abs(measures.value(.correlation, at: Self.margin)! - 1) <= 1e-15)
  }

  /// The angle between two matrices does not depend on their sizes, also where their norms overflow or
  /// underflow.
  @Test(arguments: [1e-300, 1e-200, 1, 1e200, 1e300]) func correlationsHaveNoScale(scale: Double) {
    let measures = Self.measures(margin: Self.margin)
    let unit = Self.margin.plus(Self.finite)
    for measure in [AttentionMeasure.correlation, .projectedCorrelation] {
      let expected = measures.value(measure, at: unit)!
      #expect(abs(measures.value(measure, at: unit.scaled(scale))! - expected) <= 1e-14)
    }
    let expected = Decomposition.misalignment(unit, Self.margin)
    let misalignment = Decomposition.misalignment(unit.scaled(scale), Self.margin)
    #expect(abs(misalignment - expected) <= 1e-14)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func whatDivergedIsMissing(entry: Double) {
    var weights = Self.margin.plus(Self.finite)
    weights[0, 0] = entry
    let measures = Self.measures(margin: Self.margin)
    for measure in AttentionMeasure.allCases {
      guard let value = measures.value(measure, at: weights) else { continue }
      #expect(value.isFinite == [.svmNorm, .feasible].contains(measure), "\(measure)")
    }
    #expect(Decomposition.misalignment(weights, Self.margin).isNaN)
  }

  /// Where nothing is cyclic the projection is 0 of any weights, and where nothing is outside the label's
  /// component its mass is 1 of any: not of those that diverged.
  @Test func whatDivergedIsMissingWhereWeightsDoNotMatter() {
    for (labels, measure) in [([0], AttentionMeasure.finiteDistance), ([0, 1], .labelMass)] {
      let dataset = Dataset.unit(2, labels.map { _ in [0, 1] }, labels)
      let components = dataset.closureComponents
      let measures = Measures(
        Contexts(dataset), components: components, margin: Matrix(zeros: 2, 2),
        subspace: CyclicSubspace(embeddings: dataset.embeddings, components: components),
        finitePart: Matrix(zeros: 2, 2))
      #expect(measures.value(measure, at: Matrix(zeros: 2, 2))!.isFinite)
      #expect(measures.value(measure, at: Matrix(zeros: 2, 2).scaled(.nan))!.isNaN)
    }
  }

  /// All attention is outside of the label's component, up to rounding of either sign: of ten sequences
  /// ln(1/10) + ln 10 is above 0.
  @Test(arguments: [7, 10, 22]) func massesAreInTheUnitInterval(n: Int) {
    let dataset = Dataset.unit(n + 2, (0..<n).map { [$0, n, n + 1] }, [Int](0..<n))
    var weights = Matrix(zeros: n + 2, n + 2)
    for label in 0..<n { weights[label, n + 1] = -800 }
    let components = dataset.closureComponents
    let measures = Measures(
      Contexts(dataset), components: components, margin: nil,
      subspace: CyclicSubspace(embeddings: dataset.embeddings, components: components),
      finitePart: nil)
    #expect(0...1e-15 ~= measures.value(.labelMass, at: weights)!)
    #expect(0...1e-15 ~= measures.value(.negLogRest, at: weights)!)
  }

  @Test func undefinedValuesAreMissing() {
    let weights = Self.margin.plus(Self.finite)
    let correlations: [AttentionMeasure] = [
      .correlation, .finiteCorrelation, .projectedCorrelation,
    ]
    for margin in [nil, Matrix(zeros: 3, 3)] {
      let measures = Self.measures(margin: margin)
      for measure in correlations { #expect(measures.value(measure, at: weights)!.isNaN) }
      #expect(measures.value(.feasible, at: weights) == (margin == nil ? 0 : 1))
      #expect(!measures.value(.finiteDistance, at: weights)!.isNaN)
    }
    let measures = Self.measures(margin: Self.margin)
    #expect(Self.measures(margin: nil).value(.svmNorm, at: weights)!.isNaN)
    #expect(measures.value(.correlation, at: Matrix(zeros: 3, 3))!.isNaN)
    #expect(measures.value(.projectedCorrelation, at: Self.finite)!.isNaN)
  }

  /// Two equal scores C above the third: the rest is 1/(2 e^C + 1), also below underflow.
  @Test func theRestIsMeasuredBelowUnderflow() {
    let measures = Self.measures(margin: Self.margin)
    for strength in [0.0, 1, 30, 1000, 20000] {
      let weights = Self.margin.scaled(strength)
      let rest = strength > 100 ? 0.0 : Kernels.exp(-strength)
      let expected = strength + Kernels.log(2 + rest)
      #expect(abs(measures.value(.negLogRest, at: weights)! - expected) <= 1e-14 * (1 + strength))
      let mass = 1 - rest / (2 + rest)
      #expect(abs(measures.value(.labelMass, at: weights)! - mass) <= 1e-15)
    }
  }

  @Test func withNothingOutsideTheRestIsMissing() {
    let dataset = Dataset.unit(2, [[0, 1], [0, 1]], [0, 1])
    let measures = Measures(
      Contexts(dataset), components: dataset.closureComponents, margin: Matrix(zeros: 2, 2),
      subspace: CyclicSubspace(
        embeddings: dataset.embeddings, components: dataset.closureComponents),
      finitePart: Matrix(zeros: 2, 2))
    #expect(measures.value(.negLogRest, at: Matrix(zeros: 2, 2))!.isNaN)
    #expect(measures.value(.labelMass, at: Matrix(zeros: 2, 2)) == 1)
  }

  @Test func massesSumToOneAndFollowTheSoftmax() {
    var random = TestRandom(2)
    let dataset = random.dataset(n: 6, t: 9, k: 5, d: 4)
    let contexts = Contexts(dataset)
    let masses = AttentionMass.masses(at: random.matrix(4, 4).scaled(500), of: contexts)
    for context in 0..<contexts.count {
      let sum = masses[contexts.starts[context]..<contexts.starts[context + 1]].reduce(0, +)
      #expect(abs(sum - 1) <= 1e-15)
    }
  }

  @Test func aSeriesHasAValueForEachRecord() {
    let descent = Descent(
      stepSize: 0.01, isNormalised: true, iterations: 4000, schedule: .every(1000))
    let trajectory = descent.run(Self.contexts, from: Matrix(zeros: 3, 3))
    let measures = Self.measures(margin: Self.margin)
    for measure in AttentionMeasure.allCases {
      #expect(measures.series(measure, of: trajectory).count == 5)
    }
    #expect(measures.series(.loss, of: trajectory) == trajectory.losses)
    #expect(measures.series(.correlation, of: trajectory)[0].isNaN)
    #expect(measures.series(.correlation, of: trajectory)[4] > 0.99)
  }
}
