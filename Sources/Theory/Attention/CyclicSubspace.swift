/// The cyclic subspace `S_fin = span{(e_i − e_j) e_kᵀ : i ≍ j in G^(k)}` of the d × d matrices, and
/// the orthogonal projection Π on it (arXiv 2403.08081, Definition of S_fin in section 3).
package struct CyclicSubspace: Hashable, Sendable {
  /// d.
  package let dimension: Int
  /// The subspace without a basis, where that would be large and the last tokens' embeddings are
  /// independent.
  let columns: ColumnSpaces?
  /// The basis, unless `columns` stand for it; and what it is made of.
  private let stored: OrthonormalBasis?
  private let embeddings: Matrix
  private let directions: [OrthonormalBasis]

  /// The numbers in a basis from which on there is none, if that can be.
  static let largestBasis = 1 << 21

  /// - Parameters:
  ///   - embeddings: `E`, K × d.
  ///   - components: at [k][token], the component of `token` in `G^(k)`, or −1 where it does not
  ///     occur with last token k.
  package init(embeddings: Matrix, components: [[Int]]) {
    self.init(embeddings: embeddings, components: components, largestBasis: Self.largestBasis)
  }

  init(embeddings: Matrix, components: [[Int]], largestBasis: Int) {
    (dimension, self.embeddings) = (embeddings.columns, embeddings)
    let directions = components.map { Self.differences($0, of: embeddings) }
    let numbers = directions.reduce(0) { $0 + $1.rank } * dimension * dimension
    columns = numbers > largestBasis ? ColumnSpaces(directions, embeddings: embeddings) : nil
    stored = columns == nil ? Self.basis(directions, of: embeddings) : nil
    self.directions = directions
  }

  /// An orthonormal basis: r × d², each row a d × d matrix, row-major. Made at each use, and large,
  /// where `columns` stand for it.
  package var basis: OrthonormalBasis { stored ?? Self.basis(directions, of: embeddings) }

  private static func basis(
    _ directions: [OrthonormalBasis], of embeddings: Matrix
  ) -> OrthonormalBasis {
    let size = embeddings.columns * embeddings.columns
    let last = directions.indices.filter { directions[$0].rank > 0 }
    var rows: [Double] = []
    for token in last {
      for row in 0..<directions[token].rank {
        for entry in directions[token].vectors[row: row] {
          rows += embeddings[row: token].map { entry * $0 }
        }
      }
    }
    let products = Matrix(rows: rows.count / size, columns: size, elements: rows)
    return areOrthonormal(last, in: embeddings)
      ? OrthonormalBasis(orthonormal: products) : OrthonormalBasis(spanning: products)
  }

  /// A basis of `span{e_i − e_j : i ≍ j}` in R^d for one last token.
  private static func differences(_ components: [Int], of embeddings: Matrix) -> OrthonormalBasis {
    var firsts: [Int: Int] = [:]
    var rows: [Double] = []
    for (token, component) in components.enumerated() where component >= 0 {
      if let first = firsts[component] {
        rows += zip(embeddings[row: token], embeddings[row: first]).map { $0 - $1 }
      } else {
        firsts[component] = token
      }
    }
    let count = rows.count / embeddings.columns
    return OrthonormalBasis(
      spanning: Matrix(rows: count, columns: embeddings.columns, elements: rows))
  }

  /// Whether the embeddings of `tokens` are orthonormal to rounding: then so are the products.
  private static func areOrthonormal(_ tokens: [Int], in embeddings: Matrix) -> Bool {
    tokens.allSatisfy { first in
      tokens.allSatisfy { second in
        let product = Kernels.dot(
          Array(embeddings[row: first]), Array(embeddings[row: second]))
        return abs(product - (first == second ? 1 : 0)) <= 1e-14
      }
    }
  }

  /// r.
  package var rank: Int { columns?.rank ?? stored!.rank }

  /// Π(weights), d × d.
  package func projection(of weights: Matrix) -> Matrix {
    columns?.projection(of: weights) ?? matrix(basis.coordinates(of: weights.elements))
  }

  /// Π^⊥(weights) = weights − Π(weights), d × d.
  package func complement(of weights: Matrix) -> Matrix { weights - projection(of: weights) }

  /// `‖Π(weights) − W_fin‖_F`; NaN where `W_fin` was not found or weights are not finite.
  package func distance(of weights: Matrix, from finitePart: Matrix?) -> Double {
    guard let finitePart, weights.isFinite else { return .nan }
    return (projection(of: weights) - finitePart).norm
  }

  /// The matrix of S_fin with given coordinates in the basis: [r] → d × d.
  package func matrix(_ coordinates: [Double]) -> Matrix {
    Matrix(rows: dimension, columns: dimension, elements: basis.vector(coordinates))
  }
}

extension Matrix {
  package static func - (left: Matrix, right: Matrix) -> Matrix {
    precondition(left.rows == right.rows && left.columns == right.columns)
    return Matrix(
      rows: left.rows, columns: left.columns,
      elements: zip(left.elements, right.elements).map { $0 - $1 })
  }
}
