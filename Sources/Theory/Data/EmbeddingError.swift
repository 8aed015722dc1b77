/// Why embeddings cannot be drawn.
package enum EmbeddingError: Error, Hashable, Sendable {
  /// K or d is less than 1.
  case empty(vocabulary: Int, dimension: Int)
  /// More orthonormal vectors are needed than the space has dimensions.
  case dimension(needed: Int, dimension: Int)
  /// The inner product ρ is not in [0, 1).
  case rho(Double)
  /// A given matrix is not K × d.
  case shape(rows: Int, columns: Int, vocabulary: Int, dimension: Int)
  /// A given matrix has an infinity or a NaN.
  case notFinite
}

extension EmbeddingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .empty(let vocabulary, let dimension):
      "vocabulary \(vocabulary) and dimension \(dimension) must both be at least 1"
    case .dimension(let needed, let dimension):
      "\(needed) orthonormal vectors do not fit dimension \(dimension); "
        + "`orthonormal` needs vocabulary ≤ dimension, `equicorrelated` vocabulary + 1 ≤ dimension, "
        + "`unit-random` has no bound"
    case .rho(let rho):
      "the inner product rho is \(rho); it must be at least 0 and less than 1"
    case .shape(let rows, let columns, let vocabulary, let dimension):
      "the given embeddings are \(rows) × \(columns), not vocabulary × dimension, "
        + "\(vocabulary) × \(dimension)"
    case .notFinite:
      "the given embeddings have an entry that is not finite"
    }
  }
}
