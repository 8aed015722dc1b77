/// Doubles in memory that hot loops read and write without bounds checks.
///
/// Zero at first; freed with its last reference. It is for workspaces inside one run and is never
/// shared between threads.
final class Block {
  let count: Int
  let pointer: UnsafeMutablePointer<Double>

  init(count: Int) {
    self.count = count
    pointer = .allocate(capacity: max(count, 1))
    pointer.initialize(repeating: 0, count: max(count, 1))
  }

  convenience init(_ values: [Double]) {
    self.init(count: values.count)
    values.withUnsafeBufferPointer { values in
      if let base = values.baseAddress { pointer.update(from: base, count: values.count) }
    }
  }

  /// A matrix with its rows padded by zeros to `stride` values.
  convenience init(_ matrix: Matrix, stride: Int) {
    self.init(count: matrix.rows * stride)
    matrix.elements.withUnsafeBufferPointer { elements in
      guard let base = elements.baseAddress else { return }
      for row in 0..<matrix.rows {
        (pointer + row * stride).update(from: base + row * matrix.columns, count: matrix.columns)
      }
    }
  }

  deinit { pointer.deallocate() }

  /// As the rows of a matrix.
  func rows(_ stride: Int) -> Rows { Rows(pointer, stride: stride) }

  func clear() { pointer.update(repeating: 0, count: count) }

  var values: [Double] { (0..<count).map { pointer[$0] } }

  /// The first `columns` values of each row of `stride` values.
  func matrix(rows: Int, columns: Int, stride: Int) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      elements: (0..<rows).flatMap { row in
        (0..<columns).map { pointer[row * stride + $0] }
      })
  }
}
