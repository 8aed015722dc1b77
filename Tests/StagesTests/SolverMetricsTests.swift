import Canonical
import Manifests
import Testing
import Theory

@testable import Stages

/// What the solver knows becomes metrics, and what does not exist is missing.
struct SolverMetricsTests {
  private func metrics(_ embeddings: [[Double]], _ sequences: [[Int]], _ labels: [Int]) throws
    -> [String: [Double?]]
  {
    let dataset = Dataset(
      embeddings: Matrix(
        rows: embeddings.count, columns: embeddings[0].count, elements: embeddings.flatMap(\.self)),
      sequences: sequences, labels: labels)
    let solution = GraphSVM.solve(
      embeddings: dataset.embeddings, graphs: TokenPriorityGraph.all(of: dataset))
    return try MarginFile(
      bytes: MarginFile.bytes(solution, embeddings: dataset.embeddings)
    ).metrics
  }

  @Test func everyMetricIsDeclared() throws {
    let declared = Set(ModelFamily.attention.metrics.map(\.name))
    let found = try metrics([[3, 0], [0, 4]], [[0, 1]], [0])
    #expect(Set(found.keys) == Set(ModelFamily.solverMetrics.map(\.name)))
    #expect(declared.isSuperset(of: found.keys))
    #expect(declared.count == ModelFamily.attention.metrics.count)
  }

  @Test func oneRowHasItsMarginInClosedForm() throws {
    // W = (e_0 − e_1) e_1ᵀ / (‖e_0 − e_1‖² ‖e_1‖²), of norm 1/20.
    let found = try metrics([[3, 0], [0, 4]], [[0, 1]], [0])
    #expect(abs(found["margin"]!.first!! - 20) <= 1e-12)
    #expect(found["svm-edges"] == [1])
    #expect(found["svm-active"] == [1])
    #expect(abs(found["active-condition"]!.first!! - 1) <= 1e-14)
    #expect(found["svm-residual"]!.first!! <= 1e-9)
  }

  @Test func anInfeasibleInstanceHasNoMargin() throws {
    let found = try metrics([[1, 0], [1, 0], [0, 1]], [[0, 1, 2]], [0])
    for name in ["margin", "svm-active", "active-condition"] { #expect(found[name] == [nil]) }
    #expect(found["svm-residual"] == [0])
  }

  @Test func cyclesAloneHaveNoMargin() throws {
    let found = try metrics([[1, 0], [0, 1]], [[0, 1], [0, 1]], [0, 1])
    #expect(found["margin"] == [nil])
    #expect(found["active-condition"] == [nil])
    #expect(found["svm-active"] == [0])
  }
}
