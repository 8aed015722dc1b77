import TestSupport

@testable import Theory

/// Random datasets that are hard in one way each.
enum Instance: CaseIterable, Sendable {
  /// As many dimensions as tokens.
  case square
  /// Fewer tokens than dimensions.
  case wide
  /// A few more tokens than dimensions: Gram matrices are singular.
  case tall
  /// Many more tokens than dimensions: mostly infeasible.
  case veryTall
  /// Orthonormal embeddings: the problem falls apart.
  case orthonormal
  /// Axis-parallel embeddings with small integers: many exact ties and dependencies.
  case lattice
  /// Pairs of tokens share one embedding.
  case duplicated
  /// Pairs of embeddings differ by 1e-6.
  case nearlyDuplicated
  /// The last embedding is nearly a combination of others.
  case nearlyDependent
  /// Norms from 1e-3 to 1e3.
  case badlyScaled

  /// How labels are drawn.
  enum Structure: CaseIterable, Sendable {
    /// A total order per last token: acyclic.
    case strictOrder
    /// Four priority levels per last token, ties at random: components of many tokens.
    case blocks
    /// Any token of the sequence.
    case uniform
    /// Each token once as a label of the same set: all in one component, W = 0.
    case allCyclic
  }

  func dataset(
    tokens: Int, sequences: Int, length: Int, structure: Structure, seed: Int
  ) -> Dataset {
    var generator = SplitMix(seed)
    let embeddings = embeddings(tokens, &generator)
    let ranks = (0..<tokens).map { _ in
      generator.shuffled(tokens).map { structure == .blocks ? $0 * 4 / tokens : $0 }
    }
    var (contexts, labels) = ([[Int]](), [Int]())
    for number in 0..<sequences {
      var sequence = (0..<length).map { _ in generator.below(tokens) }
      if structure == .allCyclic { sequence = Array(0..<tokens) + [number / tokens % tokens] }
      let rank = ranks[sequence[sequence.count - 1]]
      let order = sequence.map { ($0, generator.uniform()) }
      contexts.append(sequence)
      switch structure {
      case .strictOrder, .blocks:
        labels.append(order.min { (rank[$0.0], $0.1) < (rank[$1.0], $1.1) }!.0)
      case .uniform: labels.append(sequence[generator.below(sequence.count)])
      case .allCyclic: labels.append(number % tokens)
      }
    }
    return Dataset(embeddings: embeddings, sequences: contexts, labels: labels)
  }

  private func embeddings(_ tokens: Int, _ generator: inout SplitMix) -> Matrix {
    let dimension: Int
    switch self {
    case .wide: dimension = tokens + 3
    case .tall: dimension = max(1, tokens * 3 / 4)
    case .veryTall: dimension = max(1, tokens / 4)
    case .lattice: dimension = max(1, tokens * 2 / 3)
    default: dimension = tokens
    }
    var rows = (0..<tokens).map { _ in
      (0..<dimension).map { _ in
        self == .lattice ? Double(generator.below(3) - 1) : generator.normal()
      }
    }
    alter(&rows, &generator)
    return Matrix(rows)
  }

  private func alter(_ rows: inout [[Double]], _ generator: inout SplitMix) {
    let dimension = rows[0].count
    switch self {
    case .orthonormal: orthonormalise(&rows)
    case .duplicated:
      for row in stride(from: 1, to: rows.count, by: 2) { rows[row] = rows[row - 1] }
    case .nearlyDuplicated:
      for row in stride(from: 1, to: rows.count, by: 2) {
        rows[row] = rows[row - 1].map { $0 + 1e-6 * generator.normal() }
      }
    case .nearlyDependent:
      for column in 0..<dimension {
        let sum = rows.dropLast().reduce(0) { $0 + $1[column] }
        rows[rows.count - 1][column] = sum / Double(rows.count) + 1e-5 * generator.normal()
      }
    case .badlyScaled:
      for row in rows.indices {
        let scale = [1e-3, 1e-1, 1, 10, 1e3][generator.below(5)]
        rows[row] = rows[row].map { $0 * scale }
      }
    default: break
    }
  }

  /// Gram and Schmidt, twice.
  private func orthonormalise(_ rows: inout [[Double]]) {
    for row in rows.indices {
      for _ in 0..<2 {
        for earlier in 0..<row {
          let product = Kernels.dot(rows[row], rows[earlier])
          rows[row] = zip(rows[row], rows[earlier]).map { $0 - product * $1 }
        }
      }
      let norm = Kernels.norm(rows[row])
      rows[row] = rows[row].map { $0 / norm }
    }
  }
}
