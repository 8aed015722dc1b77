import Testing

@testable import Theory

/// The cyclic subspace by columns against the one with a basis.
@Suite struct ColumnSpacesTests {
  struct Pair {
    let contexts: Contexts
    let components: [[Int]]
    let dense: CyclicSubspace
    let byColumns: CyclicSubspace

    init(_ dataset: Dataset) {
      contexts = Contexts(dataset)
      components = dataset.closureComponents
      dense = CyclicSubspace(
        embeddings: dataset.embeddings, components: components, largestBasis: .max)
      byColumns = CyclicSubspace(
        embeddings: dataset.embeddings, components: components, largestBasis: 0)
    }
  }

  static let shapes = [(9, 4, 5, 5), (12, 3, 4, 8), (30, 6, 6, 6), (40, 9, 9, 12)]

  @Test(arguments: 0..<20) func projectionsAgree(seed: Int) {
    var random = TestRandom(seed)
    let (n, t, k, d) = Self.shapes[seed % Self.shapes.count]
    let pair = Pair(random.dataset(n: n, t: t, k: k, d: d))
    #expect(pair.dense.columns == nil)
    guard pair.dense.rank > 0 else { return }
    #expect(pair.byColumns.columns != nil && pair.byColumns.rank == pair.dense.rank)
    let weights = random.matrix(d, d)
    let projection = pair.byColumns.projection(of: weights)
    #expect((projection - pair.dense.projection(of: weights)).norm <= 1e-10 * weights.norm)
    #expect((pair.byColumns.projection(of: projection) - projection).norm <= 1e-10 * weights.norm)
  }

  @Test(arguments: 0..<20) func finitePartsAgree(seed: Int) {
    var random = TestRandom(seed)
    let (n, t, k, d) = Self.shapes[seed % Self.shapes.count]
    let pair = Pair(random.dataset(n: n, t: t, k: k, d: d))
    let dense = FinitePart(pair.contexts, components: pair.components, in: pair.dense)
    let other = FinitePart(pair.contexts, components: pair.components, in: pair.byColumns)
    #expect((other.weights - dense.weights).norm <= 1e-9 * max(1, dense.weights.norm))
    #expect(other.certificate.status == .converged)
    #expect(other.certificate.isPositiveDefinite)
  }

  /// Three last tokens in a plane: only a basis will do.
  @Test func dependentLastTokensHaveABasis() {
    var random = TestRandom(3)
    let pair = Pair(random.dataset(n: 60, t: 3, k: 5, d: 2))
    #expect(pair.byColumns.columns == nil && pair.byColumns == pair.dense)
  }

  @Test func aLargeOneIsCertified() {
    var random = TestRandom(5)
    let dataset = random.dataset(n: 1500, t: 5, k: 64, d: 80)
    let components = dataset.closureComponents
    let subspace = CyclicSubspace(embeddings: dataset.embeddings, components: components)
    #expect(subspace.columns != nil)
    #expect(subspace.rank > 400)
    let finite = FinitePart(Contexts(dataset), components: components, in: subspace)
    #expect(finite.certificate.status == .converged && finite.certificate.isPositiveDefinite)
    let weights = finite.weights
    #expect((subspace.projection(of: weights) - weights).norm <= 1e-10 * weights.norm)
  }
}
