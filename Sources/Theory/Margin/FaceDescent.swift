private import CKernels

/// Minimises the dual of the Graph-SVM, `½ λᵀ G λ − bᵀ λ` over λ ≥ 0, on one block of last tokens.
///
/// Two moves alternate, and each lowers the objective:
///
/// - a *sweep* solves one last token's problem after the other exactly while the multipliers of all
///   others stand still (block Gauss–Seidel), which finds the active rows;
/// - a *face step* solves `G_AA λ = b_A` on all active rows at once by conjugate gradients,
///   preconditioned by the last tokens' own inverses, and goes there as far as λ ≥ 0 allows.
///
/// No matrix larger than a last token's is ever factored: a product with G costs one q × q × d
/// product. This is the two-phase scheme of Moré and Toraldo (1991, doi:10.1137/0801008) with sweeps
/// in place of projected gradients; as these solve whole columns, few are enough.
final class FaceDescent {
  let gram: ConstraintGram
  /// One problem per last token.
  private let columns: [DenseActiveSet]
  /// Conjugate-gradient iterations.
  private(set) var iterations = 0
  /// `V`, q × d: the differences times multipliers, per last token.
  private var collected: [Double]
  /// `U = (X Xᵀ) V`, q × d.
  private var mixed: [Double]
  /// ‖W‖.
  private var norm = 0.0

  /// Relative to max(b_r, ‖W‖): what counts as violated in the end.
  private static let feasibility = 1e-13
  /// Relative to ‖W‖: the error of a face step while the active rows still change, and what counts
  /// as violated then.
  private static let coarse = 1e-3
  /// Conjugate-gradient iterations before giving up; 60 to 300 are usual.
  private static let patience = 2000
  /// The error of a face step once they rest.
  private static let fine = 1e-15

  init(gram: ConstraintGram) {
    self.gram = gram
    collected = .init(repeating: 0, count: gram.lastTokens.count * gram.dimension)
    mixed = collected
    var start = 0
    columns = gram.lastTokens.indices.map { query in
      var end = start
      while end < gram.count, gram.query[end] == query { end += 1 }
      defer { start = end }
      return DenseActiveSet(gram, rows: start..<end, rank: gram.dimension, eagerness: 0.4)
    }
  }

  var pivots: Int { columns.reduce(0) { $0 + $1.pivots } }
  var flops: Int { columns.reduce(0) { $0 + $1.flops } }

  /// The active rows and their multipliers, last token by last token.
  var support: (rows: [Int], multipliers: [Double]) {
    var (rows, values) = ([Int](), [Double]())
    for column in columns {
      for index in 0..<column.order {
        rows.append(column.rows.lowerBound + column.active[index])
        values.append(column.multipliers[index])
      }
    }
    return (rows, values)
  }

  /// Runs until every row is satisfied at the optimum of its face; false: given up, as the
  /// problem is so ill-conditioned that `DualActiveSet` is faster.
  func run() -> Bool {
    var isFine = false
    for _ in 0..<60 where iterations < Self.patience {
      let before = pivots
      guard sweep(tolerance: isFine ? Self.feasibility : Self.coarse) else { return false }
      let changes = pivots - before
      let isFull = faceStep(accuracy: isFine ? Self.fine : Self.coarse)
      if isFull, isFine, isSatisfied() { return true }
      isFine = isFull && changes <= 2
    }
    return false
  }

  /// Solves every column once, in order, each against the newest multipliers of the others.
  private func sweep(tolerance: Double) -> Bool {
    let (d, q) = (gram.dimension, gram.lastTokens.count)
    let tolerances = gram.bounds.map { tolerance * max($0, norm) }
    var bounds = gram.bounds
    var own = [Double](repeating: 0, count: d)
    for (query, column) in columns.enumerated() {
      let weight = gram.queryProducts[query * q + query]
      for index in 0..<d {
        own[index] = mixed[query * d + index] - weight * collected[query * d + index]
      }
      gram.subtractMargins(own, of: column.rows, from: &bounds)
      let start = column.rows.lowerBound
      let isSolved = bounds.withUnsafeBufferPointer { bounds in
        tolerances.withUnsafeBufferPointer { tolerances in
          column.solve(
            bounds: bounds.baseAddress! + start, tolerances: tolerances.baseAddress! + start)
        }
      }
      guard isSolved else { return false }
      for index in 0..<d { own[index] = -collected[query * d + index] }
      gram.add(column, to: &own)
      for index in 0..<d { collected[query * d + index] += own[index] }
      mk_gemm(q, d, 1, Array(gram.queryProducts[query * q..<(query + 1) * q]), 1, own, d, &mixed, d)
    }
    return true
  }

  /// Moves to the solution of `G_AA λ = b_A`, or as far towards it as λ ≥ 0 allows; true: all the
  /// way.
  private func faceStep(accuracy: Double) -> Bool {
    let (rows, start) = support
    let face = Face(gram: gram, rows: rows, columns: columns)
    var target = face.solve(from: start, accuracy: accuracy, norm: norm)
    iterations += face.iterations
    let isFull = rows.indices.allSatisfy { target[$0] > 0 || !face.isStrict[$0] }
    if !isFull {
      let projected = rows.indices.map { face.isStrict[$0] ? max(0, target[$0]) : target[$0] }
      if face.objective(projected) <= face.objective(start) {
        target = projected
      } else {
        face.shorten(&target, from: start)
      }
    }
    target.withUnsafeBufferPointer { target in
      guard var next = target.baseAddress else { return }
      for column in columns {
        let count = column.order
        column.replace(next)
        next += count
      }
    }
    gram.collect(target, on: rows, into: &collected)
    gram.mix(collected, into: &mixed)
    norm = max(0, Kernels.dot(collected, mixed)).squareRoot()
    return isFull
  }

  /// Whether every row is satisfied at the present multipliers.
  private func isSatisfied() -> Bool {
    var violations = gram.bounds
    for (query, column) in columns.enumerated() {
      let image = Array(mixed[query * gram.dimension..<(query + 1) * gram.dimension])
      gram.subtractMargins(image, of: column.rows, from: &violations)
    }
    return (0..<gram.count).allSatisfy { row in
      let isStrict = gram.constraints[row].relation == .strict
      return (isStrict ? violations[row] : abs(violations[row]))
        <= 1e-12 * max(gram.bounds[row], norm)
    }
  }
}
