private import CKernels

/// A matrix in memory of its own, row-major, for algorithms that fill the same ones at every step.
final class Grid: @unchecked Sendable {
  let rows: Int
  let columns: Int
  let elements: UnsafeMutablePointer<Double>

  init(_ rows: Int, _ columns: Int) {
    (self.rows, self.columns) = (rows, columns)
    elements = .allocate(capacity: max(1, rows * columns))
    elements.initialize(repeating: 0, count: rows * columns)
  }

  deinit { elements.deallocate() }

  var view: View { View(elements, rows, columns) }
  var array: [Double] {
    Array(UnsafeBufferPointer(start: elements, count: rows * columns))
  }
}

/// A part of a matrix that somebody else owns: `rows × columns` elements, rows `stride` apart.
struct View: @unchecked Sendable {
  let start: UnsafeMutablePointer<Double>
  let rows: Int
  let columns: Int
  let stride: Int

  init(_ start: UnsafeMutablePointer<Double>, _ rows: Int, _ columns: Int, stride: Int? = nil) {
    (self.start, self.rows, self.columns) = (start, rows, columns)
    self.stride = stride ?? columns
  }

  subscript(row: Int) -> UnsafeMutablePointer<Double> { start + row * stride }

  func part(rows range: Range<Int>) -> View {
    View(start + range.lowerBound * stride, range.count, columns, stride: stride)
  }

  func part(columns range: Range<Int>) -> View {
    View(start + range.lowerBound, rows, range.count, stride: stride)
  }

  /// Puts one row everywhere; zeros where there is none.
  func fill(with row: UnsafePointer<Double>? = nil) {
    for index in 0..<rows {
      if let row {
        self[index].update(from: row, count: columns)
      } else {
        self[index].update(repeating: 0, count: columns)
      }
    }
  }

  func copy(_ other: View) {
    for row in 0..<rows { self[row].update(from: other[row], count: columns) }
  }

  /// Adds another of the same shape.
  func add(_ other: View) {
    for row in 0..<rows {
      let (to, from) = (self[row], other[row])
      for column in 0..<columns { to[column] += from[column] }
    }
  }

  /// Multiplies element by element with another of the same shape; with nothing, nothing.
  func multiply(_ other: View?) {
    guard let other else { return }
    for row in 0..<rows {
      let (to, by) = (self[row], other[row])
      for column in 0..<columns { to[column] *= by[column] }
    }
  }

  /// Puts the transpose of another here, in blocks that fit the cache.
  func transpose(_ other: View) {
    let block = 16
    for top in Swift.stride(from: 0, to: rows, by: block) {
      for left in Swift.stride(from: 0, to: columns, by: block) {
        for row in top..<min(top + block, rows) {
          let to = self[row]
          for column in left..<min(left + block, columns) { to[column] = other[column][row] }
        }
      }
    }
  }
}

/// Matrix products, shared out over threads by parts of the result.
///
/// Each element of a result is one chain of fma over the inner index, so the parts do not matter.
struct Products: Sendable {
  let workers: Workers

  /// C += A B.
  func add(_ a: View, _ b: View, to c: View) {
    split(c) { c, rows, columns in
      mk_gemm(
        c.rows, c.columns, a.columns, a[rows.lowerBound], a.stride, b.start + columns.lowerBound,
        b.stride, c.start, c.stride)
    }
  }

  /// C += Aᵀ B.
  func addTransposed(_ a: View, _ b: View, to c: View) {
    split(c) { c, rows, columns in
      mk_gemm_tn(
        c.rows, c.columns, a.rows, a.start + rows.lowerBound, a.stride,
        b.start + columns.lowerBound, b.stride, c.start, c.stride)
    }
  }

  /// c += the sum of the rows of A, from the first to the last.
  func addRows(of a: View, to c: View) {
    let ones = Grid(1, a.rows)
    ones.elements.update(repeating: 1, count: a.rows)
    add(ones.view, a, to: c)
  }

  /// Calls `body` with parts of the result, cut along the longer side.
  private func split(_ c: View, _ body: (View, Range<Int>, Range<Int>) -> Void) {
    if c.columns > c.rows {
      workers(over: c.columns, grain: grain(c.columns, block: 24, most: 1008)) { range in
        body(c.part(columns: range), 0..<c.rows, range)
      }
    } else {
      workers(over: c.rows, grain: grain(c.rows, block: 8, most: 176)) { range in
        body(c.part(rows: range), range, 0..<c.columns)
      }
    }
  }

  /// Whole blocks of the kernels: an equal share for each thread, but not more than so many rows or
  /// columns that packing them is worth it.
  private func grain(_ count: Int, block: Int, most: Int) -> Int {
    let share = (count + workers.count - 1) / workers.count
    return min(most, (share + block - 1) / block * block)
  }
}
