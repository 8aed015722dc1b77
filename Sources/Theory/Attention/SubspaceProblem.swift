/// Any loss over contexts as a function of coordinates in a subspace of the d × d matrices, times the
/// contexts' unit.
struct SubspaceProblem {
  let unit: Double
  private let loss: any ScoreLoss
  /// Φ, r × (q·K): the scores of each basis matrix, over the unit.
  private let features: Matrix

  struct Point {
    let coordinates: [Double]
    let loss: Double
    let gradient: [Double]
    var gradientNorm: Double { Kernels.norm(gradient) }
  }

  /// - Parameter basis: r × d², each row a d × d matrix.
  init(_ contexts: Contexts, loss: Loss, head: Head, in basis: OrthonormalBasis) {
    unit = contexts.unit
    self.loss = loss.make(contexts, head: head, stride: contexts.vocabulary)
    features = contexts.features(of: basis, over: unit)
  }

  func point(_ coordinates: [Double]) -> Point {
    let gradient = gradient(coordinates)
    return Point(coordinates: coordinates, loss: loss.value().value, gradient: gradient)
  }

  private func gradient(_ coordinates: [Double]) -> [Double] {
    let scores = Matrix(rows: 1, columns: coordinates.count, elements: coordinates) * features
    var derivatives = Matrix(zeros: features.columns, 1)
    let slope = derivatives.elements.withUnsafeMutableBufferPointer { derivatives -> Slope in
      guard let base = derivatives.baseAddress else { return Slope(exponent: 0, mass: 0) }
      return loss.differentiate(scores: scores.elements, into: base)
    }
    let factor = Kernels.exp(slope.exponent)
    return (features * derivatives).elements.map { factor * $0 }
  }

  /// The Hessian, r × r, by central differences: right to some 10⁻⁹ of its size.
  func hessian(at coordinates: [Double]) -> Matrix {
    let rank = coordinates.count
    var rows = Matrix(zeros: rank, rank)
    for index in 0..<rank {
      var (above, below) = (coordinates, coordinates)
      above[index] += Self.difference
      below[index] -= Self.difference
      for (column, pair) in zip(gradient(above), gradient(below)).enumerated() {
        rows[index, column] = (pair.0 - pair.1) / (2 * Self.difference)
      }
    }
    var symmetric = rows
    for row in 0..<rank {
      for column in 0..<rank {
        symmetric[row, column] = (rows[row, column] + rows[column, row]) / 2
      }
    }
    return symmetric
  }

  private static let difference = 1e-4
}

extension Contexts {
  /// The scores of each matrix of a basis, over a unit: r × (q·K).
  func features(of basis: OrthonormalBasis, over unit: Double = 1) -> Matrix {
    Matrix(
      rows: basis.rank, columns: lastTokens.count * vocabulary,
      elements: (0..<basis.rank).flatMap { row in
        let direction = Matrix(
          rows: dimension, columns: dimension, elements: Array(basis.vectors[row: row]))
        return scores(of: direction).elements.map { $0 / unit }
      })
  }
}
