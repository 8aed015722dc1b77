/// An orthonormal basis of the span of given vectors.
///
/// Modified Gram–Schmidt with pivoting: the vector with the most left of it comes next (the first of
/// equals), is orthogonalised once more against the basis ("twice is enough": Giraud, Langou,
/// Rozložník, DOI 10.1016/j.camwa.2005.08.009) and is then taken out of all others. It ends when
/// nothing is left beyond `tolerance` of the longest vector, so dependent directions add nothing.
package struct OrthonormalBasis: Hashable, Sendable {
  /// r × m: a basis vector per row.
  package let vectors: Matrix

  /// What is left of a dependent vector is round-off, some 10⁻¹⁵ of its length.
  package static let tolerance = 1e-10

  /// - Parameter generators: N × m, a vector per row.
  package init(spanning generators: Matrix) {
    let length = generators.columns
    var left = (0..<generators.rows).map { Array(generators[row: $0]) }
    var squares = left.map { Kernels.dot($0, $0) }
    let longest = squares.reduce(0, max).squareRoot()
    var basis: [[Double]] = []
    while basis.count < min(length, left.count) {
      let pivot = squares.indices.reduce(0) { squares[$1] > squares[$0] ? $1 : $0 }
      guard squares[pivot].squareRoot() > Self.tolerance * longest else { break }
      var vector = left[pivot]
      for other in basis { vector.subtract(other, times: Kernels.dot(other, vector)) }
      let norm = Kernels.norm(vector)
      guard norm > Self.tolerance * longest else { break }
      vector = vector.map { $0 / norm }
      for index in left.indices where squares[index] > 0 {
        left[index].subtract(vector, times: Kernels.dot(vector, left[index]))
        squares[index] = index == pivot ? 0 : Kernels.dot(left[index], left[index])
      }
      basis.append(vector)
    }
    vectors = Matrix(rows: basis.count, columns: length, elements: basis.flatMap { $0 })
  }

  init(orthonormal vectors: Matrix) { self.vectors = vectors }

  /// r, the dimension of the span.
  package var rank: Int { vectors.rows }

  /// The coordinates of the orthogonal projection of `vector`: [r].
  package func coordinates(of vector: [Double]) -> [Double] {
    (vectors * Matrix(rows: vector.count, columns: 1, elements: vector)).elements
  }

  /// The vector with given coordinates: [m].
  package func vector(_ coordinates: [Double]) -> [Double] {
    (Matrix(rows: 1, columns: rank, elements: coordinates) * vectors).elements
  }
}

extension [Double] {
  /// `self ← self − factor · other`.
  fileprivate mutating func subtract(_ other: [Double], times factor: Double) {
    for index in indices { self[index] -= factor * other[index] }
  }
}
