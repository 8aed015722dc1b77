private import CKernels

/// The inner products of a Graph-SVM's rows, without the rows.
///
/// Row `r = (k, i, j)` stands for the d × d matrix `a_r = (e_i − e_j) e_kᵀ`, scaled to norm 1:
/// `a_r = u_r x_kᵀ` with unit vectors `u_r ∝ e_i − e_j` and `x_k ∝ e_k`. Hence
/// `⟨a_r, a_s⟩ = (u_rᵀ u_s) · (x_kᵀ x_l)`, and for multipliers λ the products with all rows cost one
/// small matrix product: with `V = Σ λ_r u_r` collected per last token (q × d),
/// `(G λ)_r = u_rᵀ ((X Xᵀ) V)_k`.
///
/// The differences `e_i − e_j` are taken before any product, so embeddings that nearly coincide
/// lose no digits.
final class ConstraintGram {
  let constraints: [MarginConstraint]
  let dimension: Int
  /// q, the number of last tokens that occur.
  let queries: Int
  /// The number of each row's last token among these, in increasing order.
  let query: UnsafeMutablePointer<Int>
  /// ‖e_i − e_j‖ ‖e_k‖ of each row; 0 where the row vanishes.
  let scales: UnsafeMutablePointer<Double>
  /// Each row's right-hand side after scaling: 0, or 1 / scale.
  let bounds: UnsafeMutablePointer<Double>
  /// `u_r`, one row of d each.
  let differences: UnsafeMutablePointer<Double>
  /// Whether each row is an inequality.
  let isStrict: UnsafeMutablePointer<Bool>
  /// `X Xᵀ`, q × q.
  let queryProducts: UnsafeMutablePointer<Double>
  /// Where the arrays lie; methods that live as long may add theirs.
  let arena: Arena
  /// `X`, one row `x_k` of d for each last token.
  let units: UnsafeMutablePointer<Double>
  /// `V`, q × d: the differences times multipliers, per last token.
  let collected: UnsafeMutablePointer<Double>
  /// `(X Xᵀ) V`, q × d.
  let mixed: UnsafeMutablePointer<Double>

  init(embeddings: Matrix, constraints: [MarginConstraint], arena: Arena) {
    let (d, m) = (embeddings.columns, constraints.count)
    let q = Self.queries(of: constraints)
    (self.constraints, self.arena, dimension, queries) = (constraints, arena, d, q)
    query = arena.array(m)
    scales = arena.array(m)
    bounds = arena.array(m)
    isStrict = arena.array(m)
    differences = arena.array(m * d)
    units = arena.array(q * d)
    queryProducts = arena.array(q * q)
    collected = arena.array(q * d)
    mixed = arena.array(q * d)
    embeddings.elements.withUnsafeBufferPointer { elements in
      if let e = elements.baseAddress { fill(e) }
    }
    for row in 0..<q {
      for column in 0...row {
        let value = mk_dot(units + row * d, units + column * d, d)
        queryProducts[row * q + column] = value
        queryProducts[column * q + row] = value
      }
    }
  }

  /// Writes the rows from the embeddings, K × d.
  private func fill(_ e: UnsafePointer<Double>) {
    let d = dimension
    var (last, position, norm) = (-1, -1, 0.0)
    for row in 0..<count {
      let constraint = constraints[row]
      if constraint.lastToken != last {
        last = constraint.lastToken
        position += 1
        norm = Self.normalise(units + position * d, d) { e[last * d + $0] }
      }
      let (i, j) = (e + constraint.preferred * d, e + constraint.other * d)
      let length = Self.normalise(differences + row * d, d) { i[$0] - j[$0] }
      query[row] = position
      isStrict[row] = constraint.relation == .strict
      scales[row] = length * norm
      bounds[row] = scales[row] > 0 ? constraint.bound / scales[row] : 0
    }
  }

  /// Writes a vector scaled to norm 1, if it is not 0; returns its norm.
  @inline(__always)
  private static func normalise(
    _ vector: UnsafeMutablePointer<Double>, _ d: Int, _ element: (Int) -> Double
  ) -> Double {
    for column in 0..<d { vector[column] = element(column) }
    let norm = mk_dot(vector, vector, d).squareRoot()
    if norm > 0 { for column in 0..<d { vector[column] /= norm } }
    return norm
  }

  /// How many last tokens rows have that are ordered by them.
  private static func queries(of constraints: [MarginConstraint]) -> Int {
    var (result, last) = (0, -1)
    for constraint in constraints where constraint.lastToken != last {
      last = constraint.lastToken
      result += 1
    }
    return result
  }

  var count: Int { constraints.count }

  /// ⟨a_r, a_s⟩.
  @inline(__always)
  func product(_ r: Int, _ s: Int) -> Double {
    let weight = queryProducts[query[r] * queries + query[s]]
    guard weight != 0 else { return 0 }
    return weight * mk_dot(differences + r * dimension, differences + s * dimension, dimension)
  }

  /// Writes `⟨a_r, a_s⟩` of a row with others, the numbers of all of them counted from `first`.
  func products(
    of row: Int, with others: UnsafePointer<Int>, count: Int, after first: Int,
    into result: UnsafeMutablePointer<Double>
  ) {
    let (d, u) = (dimension, differences + (first + row) * dimension)
    let weights = queryProducts + query[first + row] * queries
    for index in 0..<count {
      let other = first + others[index]
      let weight = weights[query[other]]
      result[index] = weight == 0 ? 0 : weight * mk_dot(u, differences + other * d, d)
    }
  }

  /// Writes the Gram matrix of some rows, row-major.
  func products(among rows: Range<Int>, into result: UnsafeMutablePointer<Double>) {
    let (m, d) = (rows.count, dimension)
    result.update(repeating: 0, count: m * m)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: m * d) { transposed in
      let (u, transposed) = (differences + rows.lowerBound * d, transposed.baseAddress!)
      for row in 0..<m {
        for column in 0..<d { transposed[column * m + row] = u[row * d + column] }
      }
      mk_gemm(m, m, d, u, d, transposed, m, result, m)
    }
    weigh(result, among: rows)
  }

  /// Multiplies the products `u_rᵀ u_s` among some rows by those of their last tokens.
  private func weigh(_ result: UnsafeMutablePointer<Double>, among rows: Range<Int>) {
    let m = rows.count
    withUnsafeTemporaryAllocation(of: Double.self, capacity: m) { weights in
      let (weights, query) = (weights.baseAddress!, query + rows.lowerBound)
      var last = -1
      for row in 0..<m {
        // Rows of one last token follow each other and share their weights.
        if query[row] != last {
          last = query[row]
          let products = queryProducts + last * queries
          for column in 0..<m { weights[column] = products[query[column]] }
        }
        let line = result + row * m
        for column in 0..<m { line[column] *= weights[column] }
      }
    }
  }

  /// Writes `(G λ)_r` for a range of rows, where λ is not 0 on some of them only.
  func margins(
    of rows: Range<Int>, _ active: UnsafePointer<Int>, _ multipliers: UnsafePointer<Double>,
    count: Int, into result: UnsafeMutablePointer<Double>
  ) {
    let (d, q) = (dimension, queries)
    guard let first = rows.first, let last = rows.last else { return }
    let (low, span) = (query[first], query[last] - query[first] + 1)
    collected.update(repeating: 0, count: span * d)
    mixed.update(repeating: 0, count: span * d)
    for index in 0..<count {
      let row = first + active[index]
      mk_axpy(collected + (query[row] - low) * d, multipliers[index], differences + row * d, d)
    }
    mk_gemm(span, d, span, queryProducts + low * q + low, q, collected, d, mixed, d)
    for row in rows {
      result[row - first] = mk_dot(differences + row * d, mixed + (query[row] - low) * d, d)
    }
  }

  /// Collects `V`, q × d, for some last tokens: the sum of `λ_r u_r` over the rows that stand in a
  /// range of `support`, which are all of theirs.
  func collect(
    _ multipliers: UnsafePointer<Double>, on support: UnsafePointer<Int>, _ range: Range<Int>,
    of queries: Range<Int>
  ) {
    let d = dimension
    (collected + queries.lowerBound * d).update(repeating: 0, count: queries.count * d)
    for position in range where multipliers[position] != 0 {
      let row = support[position]
      mk_axpy(collected + query[row] * d, multipliers[position], differences + row * d, d)
    }
  }

  /// Computes `(X Xᵀ) V` of what was collected, for some last tokens.
  func mix(_ range: Range<Int>) {
    let (d, start) = (dimension, range.lowerBound)
    (mixed + start * d).update(repeating: 0, count: range.count * d)
    mk_gemm(
      range.count, d, queries, queryProducts + start * queries, queries, collected, d,
      mixed + start * d, d)
  }

  /// Writes `u_rᵀ mixed_k` for a range of `targets`, k each one's last token.
  func read(
    at targets: UnsafePointer<Int>, _ range: Range<Int>,
    into result: UnsafeMutablePointer<Double>
  ) {
    let d = dimension
    for position in range {
      let row = targets[position]
      result[position] = mk_dot(differences + row * d, mixed + query[row] * d, d)
    }
  }

  /// `λᵀ G λ` of what was collected and mixed.
  var square: Double { mk_dot(collected, mixed, queries * dimension) }

  /// Subtracts `u_rᵀ image` from the value of each of some rows.
  func subtractMargins(
    _ image: UnsafePointer<Double>, of rows: Range<Int>, from values: UnsafeMutablePointer<Double>
  ) {
    for row in rows { values[row] -= mk_dot(differences + row * dimension, image, dimension) }
  }

  /// Adds `Σ λ_r u_r` of a column's active rows to a vector of length d.
  func add(_ column: DenseActiveSet, to sum: UnsafeMutablePointer<Double>) {
    for index in 0..<column.order {
      let row = column.rows.lowerBound + column.active[index]
      mk_axpy(sum, column.multipliers[index], differences + row * dimension, dimension)
    }
  }

  /// `Σ λ_r a_r` itself, transposed: d × d.
  func combination(_ multipliers: [Double], on support: [Int]) -> Matrix {
    let d = dimension
    var matrix = Matrix(zeros: d, d)
    collect(multipliers, on: support, support.indices, of: 0..<queries)
    mk_gemm_tn(d, d, queries, units, d, collected, d, &matrix.elements, d)
    return matrix
  }

  /// Writes `⟨a_r, W⟩` for each of `targets`, in their order, from `Wᵀ` itself: unlike `apply`, which
  /// goes by inner products, this loses nothing where last tokens nearly coincide.
  func margins(_ transposed: Matrix, of targets: [Int], into result: inout [Double]) {
    image(transposed)
    read(at: targets, targets.indices, into: &result)
  }

  /// Writes `⟨a_r, W⟩` for every row, from `Wᵀ` itself.
  func margins(_ transposed: Matrix, into result: inout [Double]) {
    image(transposed)
    var start = 0
    while start < count {
      var end = start
      while end < count, query[end] == query[start] { end += 1 }
      result.withUnsafeMutableBufferPointer { result in
        mk_dots(
          result.baseAddress! + start, differences + start * dimension, dimension, end - start,
          mixed + query[start] * dimension, dimension)
      }
      start = end
    }
  }

  /// `X Wᵀ` into `mixed`: what W makes of each last token.
  private func image(_ transposed: Matrix) {
    let (d, q) = (dimension, queries)
    mixed.update(repeating: 0, count: q * d)
    mk_gemm(q, d, d, units, d, transposed.elements, d, mixed, d)
  }
}
