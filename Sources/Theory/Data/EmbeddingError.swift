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
  /// A row's largest entry is so large or small, though not 0, that margins would leave the numbers.
  case size(row: Int, value: Double)
}

extension EmbeddingError {
  /// The sizes of embeddings of which products of four, as in ‖W‖², are ordinary numbers, and so are
  /// those of differences that are round-off.
  static let sizes = 1e-60...1e60

  /// Checks given embeddings, K × d.
  /// - Throws: `notFinite` or `size`.
  static func check(_ embeddings: Matrix) throws(EmbeddingError) {
    for row in 0..<embeddings.rows {
      var size = 0.0
      for value in embeddings[row: row] {
        guard value.isFinite else { throw .notFinite }
        size = max(size, abs(value))
      }
      guard size == 0 || sizes ~= size else { throw .size(row: row, value: size) }
    }
  }
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
    case .size(let row, let value):
      "the largest entry of given embedding \(row) is \(value); scale the embeddings so that it is "
        + "between \(EmbeddingError.sizes.lowerBound) and \(EmbeddingError.sizes.upperBound), or 0"
    }
  }
}
