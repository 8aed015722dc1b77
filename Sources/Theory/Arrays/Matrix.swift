/// A dense real matrix, row-major, double precision.
package struct Matrix: Hashable, Sendable {
  package let rows: Int
  package let columns: Int
  /// `rows × columns` values; entry (i, j) is at `i * columns + j`.
  package var elements: [Double]

  package init(rows: Int, columns: Int, elements: [Double]) {
    precondition(elements.count == rows * columns, "a matrix of \(rows) × \(columns)")
    (self.rows, self.columns, self.elements) = (rows, columns, elements)
  }

  package init(zeros rows: Int, _ columns: Int) {
    self.init(rows: rows, columns: columns, elements: .init(repeating: 0, count: rows * columns))
  }

  package subscript(row: Int, column: Int) -> Double {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  package subscript(row row: Int) -> ArraySlice<Double> {
    elements[row * columns..<(row + 1) * columns]
  }

  /// Whether every entry is finite.
  var isFinite: Bool { elements.allSatisfy(\.isFinite) }

  /// This times a power of two, so that products of its entries neither overflow nor underflow; 0, and
  /// what is not finite, as it is.
  var rescaled: Matrix {
    let largest = elements.reduce(0) { max($0, $1.magnitude) }
    guard largest > 0, largest.isFinite else { return self }
    let scale = Double(sign: .plus, exponent: -max(largest.exponent, -1000), significand: 1)
    return Matrix(rows: rows, columns: columns, elements: elements.map { scale * $0 })
  }
}
