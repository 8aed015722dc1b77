import Testing

@testable import Theory

/// Condition numbers against closed forms.
struct ActiveConditionTests {
  @Test(arguments: [1, 2, 3, 8, 33])
  func theEndsOfAUniformlyCorrelatedMatrixAreKnown(size: Int) {
    // 0.3 J + 0.7 I has the eigenvalues 0.7 and, once, 0.7 + 0.3 m.
    var matrix = Matrix(zeros: size, size)
    for row in 0..<size {
      for column in 0..<size { matrix[row, column] = row == column ? 1 : 0.3 }
    }
    let spectrum = SymmetricSpectrum(matrix)
    #expect(abs(spectrum.eigenvalue(size - 1) - (0.7 + 0.3 * Double(size))) <= 1e-13)
    if size > 1 { #expect(abs(spectrum.ends.least - 0.7) <= 1e-14) }
  }

  @Test func everyEigenvalueIsFound() {
    // H D H for the reflection H = I − 2 v vᵀ has the diagonal of D as its eigenvalues.
    let diagonal = [-3.0, 0, 1e-3, 2, 2, 7]
    let v = [0.5, 0.5, 0.1, 0.3, 0.2, 0.6]
    let square = v.reduce(0) { $0 + $1 * $1 }
    var reflection = Matrix(zeros: 6, 6)
    var scale = Matrix(zeros: 6, 6)
    for row in 0..<6 {
      scale[row, row] = diagonal[row]
      for column in 0..<6 {
        reflection[row, column] = (row == column ? 1 : 0) - 2 * v[row] * v[column] / square
      }
    }
    let spectrum = SymmetricSpectrum(reflection * scale * reflection)
    for (index, value) in diagonal.enumerated() {
      #expect(abs(spectrum.eigenvalue(index) - value) <= 1e-14)
    }
  }

  private func condition(_ embeddings: [[Double]], _ rows: [(Int, Int, Int)]) -> Double? {
    GraphSVM.activeCondition(
      embeddings: Matrix(embeddings),
      multipliers: rows.map {
        GraphSVM.Multiplier(lastToken: $0.0, preferred: $0.1, other: $0.2, value: 1)
      })
  }

  @Test func aChainOfTwoRowsHasAClosedForm() {
    // The cosine of e_0 − e_1 and e_1 − e_2 is −1/2: eigenvalues 3/2 and 1/2.
    let unit = [[1.0, 0, 0], [0, 1, 0], [0, 0, 1]]
    #expect(abs(condition(unit, [(0, 0, 1), (0, 1, 2)])! - 3) <= 1e-14)
    // Under orthogonal last tokens the rows do not meet.
    #expect(abs(condition(unit, [(0, 0, 1), (1, 1, 2)])! - 1) <= 1e-14)
    #expect(abs(condition(unit, [(0, 0, 1), (1, 0, 1), (1, 1, 2)])! - 3) <= 1e-14)
  }

  @Test func whatIsSingularOrEmptyHasNone() {
    let unit = [[1.0, 0, 0], [0, 1, 0], [0, 0, 1]]
    #expect(condition(unit, []) == nil)
    #expect(condition(unit, [(0, 0, 1), (0, 0, 2), (0, 1, 2)]) == nil)
  }
}
