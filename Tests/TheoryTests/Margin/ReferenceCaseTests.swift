import Testing

@testable import Theory

/// The solver against an independent program's answers.
struct ReferenceCaseTests {
  @Test(arguments: ReferenceCase.all)
  func answersAsTheReference(_ example: ReferenceCase) {
    let dataset = example.dataset
    let solution = GraphSVM.solve(
      embeddings: dataset.embeddings, graphs: TokenPriorityGraph.all(of: dataset))
    let reference = example.reference
    #expect(solution.constraints.all == reference.equalEdges + reference.strictEdges)
    #expect(solution.constraints.reduced == reference.equalReduced + reference.strictReduced)
    switch solution.status {
    case .optimal(let certificate):
      #expect(reference.status == "optimal" || reference.status == "zero")
      #expect(certificate.worst <= 1e-9)
      let objective = reference.objective!
      #expect(abs(solution.objective! - objective) <= 1e-8 * objective)
      let weights = Matrix(reference.weights!)
      let difference = zip(solution.weights!.elements, weights.elements).map { $0 - $1 }
      #expect(Kernels.norm(difference) <= 1e-8 * weights.norm)
    case .infeasible(let farkas):
      #expect(reference.status == "infeasible")
      #expect(farkas.residual <= 1e-9)
    case .notConverged(let certificate):
      Issue.record("not converged: \(certificate.worst)")
    }
  }
}
