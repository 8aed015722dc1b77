@testable import Theory

/// A solution checked from its multipliers and the sequences alone, with the plainest code there is.
struct Recheck {
  /// The worst of: W against its multipliers, margins of all sequences, signs, the duality gap.
  private(set) var residual = 0.0

  /// What a pair of tokens must satisfy, from the sequences: nil nothing, 0 equality, 1 margin.
  private static func demands(_ dataset: Dataset) -> [[[Int?]]] {
    let size = dataset.vocabulary
    return (0..<size).map { last in
      var edges: [TokenPriorityGraph.Edge] = []
      for (sequence, label) in zip(dataset.sequences, dataset.labels) where sequence.last == last {
        for token in sequence where token != label { edges.append(.init(from: label, to: token)) }
      }
      let reach = Digraph.closure(size: size, edges: edges)
      var demand = [[Int?]](repeating: .init(repeating: nil, count: size), count: size)
      for edge in edges { demand[edge.from][edge.to] = reach[edge.to][edge.from] ? 0 : 1 }
      return demand
    }
  }

  init(_ dataset: Dataset, _ solution: GraphSVM.Solution) {
    let demands = Self.demands(dataset)
    let multipliers: [GraphSVM.Multiplier]
    switch solution.status {
    case .optimal(let certificate): multipliers = certificate.multipliers
    case .infeasible(let farkas): multipliers = farkas.multipliers
    case .notConverged:
      residual = .infinity
      return
    }
    let combined = combine(multipliers, dataset.embeddings)
    let largest = multipliers.reduce(0) { max($0, abs($1.value)) }
    var strict = 0.0
    for multiplier in multipliers {
      let demand = demands[multiplier.lastToken][multiplier.preferred][multiplier.other]
      note(demand == nil ? .infinity : 0)
      guard demand == 1 else { continue }
      strict += multiplier.value
      note(-multiplier.value / largest)
    }
    guard let weights = solution.weights else {
      note(combined.norm)
      note(abs(strict - 1))
      return
    }
    let norm = weights.norm
    guard norm > 0 else {
      note(combined.norm)
      return
    }
    let difference = zip(weights.elements, combined.elements).map { $0 - $1 }
    note(Kernels.norm(difference) / norm)
    note(abs(norm * norm - strict) / (norm * norm))
    checkMargins(weights, norm, demands, dataset.embeddings)
  }

  private mutating func note(_ value: Double) { residual = max(residual, value) }

  private mutating func checkMargins(
    _ weights: Matrix, _ norm: Double, _ demands: [[[Int?]]], _ embeddings: Matrix
  ) {
    let d = embeddings.columns
    for (last, demand) in demands.enumerated() {
      let query = Array(embeddings[row: last])
      let image = (0..<d).map { Kernels.dot(Array(weights[row: $0]), query) }
      for (i, row) in demand.enumerated() {
        for (j, wanted) in row.enumerated() {
          guard let wanted else { continue }
          let difference = (0..<d).map { embeddings[i, $0] - embeddings[j, $0] }
          let margin = Kernels.dot(difference, image)
          let scale = min(max(1, Kernels.norm(difference) * Kernels.norm(query) * norm), 1e6)
          note((wanted == 0 ? abs(margin) : 1 - margin) / scale)
        }
      }
    }
  }

  private func combine(_ multipliers: [GraphSVM.Multiplier], _ embeddings: Matrix) -> Matrix {
    let d = embeddings.columns
    var result = Matrix(zeros: d, d)
    for multiplier in multipliers {
      let (i, j, k) = (multiplier.preferred, multiplier.other, multiplier.lastToken)
      for row in 0..<d {
        let factor = multiplier.value * (embeddings[i, row] - embeddings[j, row])
        for column in 0..<d { result[row, column] += factor * embeddings[k, column] }
      }
    }
    return result
  }
}
