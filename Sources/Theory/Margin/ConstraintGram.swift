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
  /// The last tokens that occur, in increasing order; q of them.
  let lastTokens: [Int]
  /// The position of each row's last token in `lastTokens`.
  let query: [Int]
  /// ‖e_i − e_j‖ ‖e_k‖ of each row; 0 where the row vanishes.
  let scales: [Double]
  /// Each row's right-hand side after scaling: 0, or 1 / scale.
  let bounds: [Double]
  /// `u_r`, one row of d each.
  let differences: UnsafeMutablePointer<Double>
  /// Whether each row is an inequality.
  let isStrict: [Bool]
  /// `X`, one row `x_k` of d for each last token.
  private let units: [Double]
  /// `X Xᵀ`, q × q.
  let queryProducts: [Double]
  private var collected: [Double]
  private var mixed: [Double]

  init(embeddings: Matrix, constraints: [MarginConstraint]) {
    let d = embeddings.columns
    self.constraints = constraints
    dimension = d
    let lastTokens = Self.lastTokens(of: constraints)
    self.lastTokens = lastTokens
    let index = TokenIndex(tokens: lastTokens)
    let query = constraints.map { index.position(of: $0.lastToken)! }
    self.query = query
    let (units, norms) = Self.units(embeddings, lastTokens)
    self.units = units
    queryProducts = Self.products(units, count: lastTokens.count, dimension: d)
    isStrict = constraints.map { $0.relation == .strict }
    let differences = UnsafeMutablePointer<Double>.allocateLines(constraints.count * d)
    self.differences = differences
    let lengths = Self.fill(differences, constraints, embeddings)
    scales = zip(lengths, query).map { $0 * norms[$1] }
    bounds = zip(constraints, scales).map { $1 > 0 ? $0.bound / $1 : 0 }
    collected = .init(repeating: 0, count: lastTokens.count * d)
    mixed = collected
  }

  deinit { differences.deallocate() }

  /// Writes the rows' unit vectors `u_r`; returns ‖e_i − e_j‖ of each.
  private static func fill(
    _ differences: UnsafeMutablePointer<Double>, _ constraints: [MarginConstraint],
    _ embeddings: Matrix
  ) -> [Double] {
    let d = embeddings.columns
    return embeddings.elements.withUnsafeBufferPointer { e in
      var u = differences
      return constraints.map { constraint in
        let (i, j) = (constraint.preferred * d, constraint.other * d)
        for column in 0..<d { u[column] = e[i + column] - e[j + column] }
        let norm = mk_dot(u, u, d).squareRoot()
        if norm > 0 { for column in 0..<d { u[column] /= norm } }
        u += d
        return norm
      }
    }
  }

  var count: Int { constraints.count }

  /// ⟨a_r, a_s⟩.
  @inline(__always)
  func product(_ r: Int, _ s: Int) -> Double {
    let weight = queryProducts[query[r] * lastTokens.count + query[s]]
    guard weight != 0 else { return 0 }
    return weight * mk_dot(differences + r * dimension, differences + s * dimension, dimension)
  }

  /// Writes `⟨a_r, a_s⟩` of a row with others, the numbers of all of them counted from `first`.
  func products(
    of row: Int, with others: UnsafePointer<Int>, count: Int, after first: Int,
    into result: UnsafeMutablePointer<Double>
  ) {
    let (d, u) = (dimension, differences + (first + row) * dimension)
    query.withUnsafeBufferPointer { query in
      queryProducts.withUnsafeBufferPointer { products in
        let weights = query[first + row] * lastTokens.count
        for index in 0..<count {
          let other = first + others[index]
          let weight = products[weights + query[other]]
          result[index] = weight == 0 ? 0 : weight * mk_dot(u, differences + other * d, d)
        }
      }
    }
  }

  /// The Gram matrix of some rows, row-major; to be deallocated by the caller.
  func products(among rows: Range<Int>) -> UnsafeMutablePointer<Double> {
    let (m, d) = (rows.count, dimension)
    let result = UnsafeMutablePointer<Double>.allocate(capacity: m * m)
    result.initialize(repeating: 0, count: m * m)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: m * d) { transposed in
      let u = differences + rows.lowerBound * d
      for row in 0..<m {
        for column in 0..<d { transposed[column * m + row] = u[row * d + column] }
      }
      if m > 0 { mk_gemm(m, m, d, u, d, transposed.baseAddress, m, result, m) }
    }
    weigh(result, among: rows)
    return result
  }

  /// Multiplies the products `u_rᵀ u_s` among some rows by those of their last tokens.
  private func weigh(_ result: UnsafeMutablePointer<Double>, among rows: Range<Int>) {
    let (m, q) = (rows.count, lastTokens.count)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: m) { weights in
      query.withUnsafeBufferPointer { query in
        var last = -1
        for (index, row) in rows.enumerated() {
          // Rows of one last token follow each other and share their weights.
          if query[row] != last {
            last = query[row]
            for column in 0..<m {
              weights[column] = queryProducts[last * q + query[rows.lowerBound + column]]
            }
          }
          let line = result + index * m
          for column in 0..<m { line[column] *= weights[column] }
        }
      }
    }
  }

  /// Writes `(G λ)_r` for a range of rows, where λ is not 0 on some of them only.
  func margins(
    of rows: Range<Int>, _ active: UnsafePointer<Int>, _ multipliers: UnsafePointer<Double>,
    count: Int, into result: UnsafeMutablePointer<Double>
  ) {
    let (d, q) = (dimension, lastTokens.count)
    guard let first = rows.first, let last = rows.last else { return }
    let (low, queries) = (query[first], query[last] - query[first] + 1)
    collected.withUnsafeMutableBufferPointer { collected in
      mixed.withUnsafeMutableBufferPointer { mixed in
        queryProducts.withUnsafeBufferPointer { products in
          let (v, m) = (collected.baseAddress!, mixed.baseAddress!)
          v.update(repeating: 0, count: queries * d)
          m.update(repeating: 0, count: queries * d)
          for index in 0..<count {
            let row = first + active[index]
            mk_axpy(v + (query[row] - low) * d, multipliers[index], differences + row * d, d)
          }
          mk_gemm(
            queries, d, queries, products.baseAddress! + low * q + low, q, v, d, m, d)
          for row in rows {
            result[row - first] = mk_dot(differences + row * d, m + (query[row] - low) * d, d)
          }
        }
      }
    }
  }

  /// Writes `(G λ)_r` for each of `targets`, in their order, to `result`, where λ has the values
  /// `multipliers` on the rows `support` and 0 elsewhere; returns `λᵀ G λ`.
  @discardableResult
  func apply(
    _ multipliers: [Double], on support: [Int], to targets: [Int], into result: inout [Double]
  ) -> Double {
    collect(multipliers, on: support, into: &collected)
    mix(collected, into: &mixed)
    let (d, u) = (dimension, differences)
    result.withUnsafeMutableBufferPointer { result in
      mixed.withUnsafeBufferPointer { mixed in
        for position in targets.indices {
          let row = targets[position]
          result[position] = mk_dot(u + row * d, mixed.baseAddress! + query[row] * d, d)
        }
      }
    }
    return Kernels.dot(collected, mixed)
  }

  /// `V`, q × d: for each last token the sum of `λ_r u_r` over its rows among `support`.
  func collect(_ multipliers: [Double], on support: [Int], into result: inout [Double]) {
    let (d, u) = (dimension, differences)
    result.withUnsafeMutableBufferPointer { result in
      result.update(repeating: 0)
      for position in support.indices where multipliers[position] != 0 {
        let row = support[position]
        mk_axpy(result.baseAddress! + query[row] * d, multipliers[position], u + row * d, d)
      }
    }
  }

  /// Subtracts `u_rᵀ image` from the value of each of some rows.
  func subtractMargins(_ image: [Double], of rows: Range<Int>, from values: inout [Double]) {
    for row in rows { values[row] -= mk_dot(differences + row * dimension, image, dimension) }
  }

  /// Adds `Σ λ_r u_r` of a column's active rows to a vector of length d.
  func add(_ column: DenseActiveSet, to sum: inout [Double]) {
    for index in 0..<column.order {
      let row = column.rows.lowerBound + column.active[index]
      mk_axpy(&sum, column.multipliers[index], differences + row * dimension, dimension)
    }
  }

  /// `(X Xᵀ) V`, q × d.
  func mix(_ collected: [Double], into result: inout [Double]) {
    let (d, q) = (dimension, lastTokens.count)
    result.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    mk_gemm(q, d, q, queryProducts, q, collected, d, &result, d)
  }

  /// `Σ λ_r a_r` itself, transposed: d × d.
  func combination(_ multipliers: [Double], on support: [Int]) -> Matrix {
    var matrix = Matrix(zeros: dimension, dimension)
    collect(multipliers, on: support, into: &collected)
    mk_gemm_tn(
      dimension, dimension, lastTokens.count, units, dimension, collected, dimension,
      &matrix.elements, dimension)
    return matrix
  }

  /// Writes `⟨a_r, W⟩` for each of `targets`, in their order, from `Wᵀ` itself: unlike `apply`, which
  /// goes by inner products, this loses nothing where last tokens nearly coincide.
  func margins(_ transposed: Matrix, of targets: [Int], into result: inout [Double]) {
    let (d, q) = (dimension, lastTokens.count)
    mixed.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    mk_gemm(q, d, d, units, d, transposed.elements, d, &mixed, d)
    mixed.withUnsafeBufferPointer { images in
      for position in targets.indices {
        let row = targets[position]
        result[position] = mk_dot(
          differences + row * d, images.baseAddress! + query[row] * d, d)
      }
    }
  }

  private static func lastTokens(of constraints: [MarginConstraint]) -> [Int] {
    var result: [Int] = []
    for constraint in constraints where constraint.lastToken != result.last {
      result.append(constraint.lastToken)
    }
    return result
  }

  /// The last tokens' embeddings, scaled to norm 1, and their norms.
  private static func units(_ embeddings: Matrix, _ tokens: [Int]) -> ([Double], [Double]) {
    let d = embeddings.columns
    var (units, norms) = ([Double](), [Double]())
    units.reserveCapacity(tokens.count * d)
    norms.reserveCapacity(tokens.count)
    embeddings.elements.withUnsafeBufferPointer { e in
      for token in tokens {
        let row = UnsafeBufferPointer(rebasing: e[token * d..<(token + 1) * d])
        let norm = mk_dot(row.baseAddress, row.baseAddress, d).squareRoot()
        norms.append(norm)
        for element in row { units.append(norm > 0 ? element / norm : element) }
      }
    }
    return (units, norms)
  }

  private static func products(_ units: [Double], count: Int, dimension: Int) -> [Double] {
    var result = [Double](repeating: 0, count: count * count)
    units.withUnsafeBufferPointer { units in
      guard let x = units.baseAddress else { return }
      for row in 0..<count {
        for column in 0...row {
          let value = mk_dot(x + row * dimension, x + column * dimension, dimension)
          result[row * count + column] = value
          result[column * count + row] = value
        }
      }
    }
    return result
  }
}

extension UnsafeMutablePointer<Double> {
  /// Memory that begins with a cache line, so that a vector of a whole line lies in one.
  static func allocateLines(_ count: Int) -> Self {
    UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Double>.stride, alignment: 64)
      .bindMemory(to: Double.self, capacity: count)
  }
}
