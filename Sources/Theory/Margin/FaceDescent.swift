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
  private let workers: Workers
  /// One problem per last token.
  private let columns: [DenseActiveSet]
  /// Conjugate-gradient iterations.
  private(set) var iterations = 0
  /// Operations of face steps.
  private var faceFlops = 0
  /// `V`, q × d: the differences times multipliers, per last token.
  private let collected: UnsafeMutablePointer<Double>
  /// `U = (X Xᵀ) V`, q × d.
  private let mixed: UnsafeMutablePointer<Double>
  /// The rows' bounds less what other last tokens contribute.
  private let bounds: UnsafeMutablePointer<Double>
  private let tolerances: UnsafeMutablePointer<Double>
  /// One last token's part of `collected` or `mixed`.
  private let own: UnsafeMutablePointer<Double>
  /// ‖W‖.
  private var norm = 0.0

  /// Relative to max(b_r, ‖W‖): what counts as violated in the end.
  private static let feasibility = 1e-13
  /// Relative to ‖W‖: the error of a face step while the active rows still change, and what counts
  /// as violated then.
  private static let coarse = 1e-3
  /// Conjugate-gradient iterations before giving up; 60 to 300 are usual.
  private static let patience = 2000
  /// Numbers in `mixed` from which on threads share what a column changes in it.
  private static let shared = 1 << 15
  /// Last tokens that a thread works on at a time.
  private static let grain = 8
  /// The error of a face step once they rest.
  private static let fine = 1e-15

  init(gram: ConstraintGram, workers: Workers) {
    (self.gram, self.workers) = (gram, workers)
    collected = gram.arena.zeros(gram.queries * gram.dimension)
    mixed = gram.arena.zeros(gram.queries * gram.dimension)
    bounds = gram.arena.array(gram.count)
    tolerances = gram.arena.array(gram.count)
    own = gram.arena.array(gram.dimension)
    var start = 0
    columns = (0..<gram.queries).map { query in
      var end = start
      while end < gram.count, gram.query[end] == query { end += 1 }
      defer { start = end }
      return DenseActiveSet(gram, rows: start..<end, rank: gram.dimension, eagerness: 0.4)
    }
    let columns = columns
    workers(over: columns.count, grain: Self.grain) { for query in $0 { columns[query].prepare() } }
  }

  var pivots: Int { columns.reduce(0) { $0 + $1.pivots } }
  var flops: Int { columns.reduce(faceFlops) { $0 + $1.flops } }

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
    let (d, q) = (gram.dimension, gram.queries)
    for row in 0..<gram.count { tolerances[row] = tolerance * max(gram.bounds[row], norm) }
    bounds.update(from: gram.bounds, count: gram.count)
    for (query, column) in columns.enumerated() {
      let products = gram.queryProducts + query * q
      let (mine, image) = (collected + query * d, mixed + query * d)
      for index in 0..<d { own[index] = image[index] - products[query] * mine[index] }
      gram.subtractMargins(own, of: column.rows, from: bounds)
      let start = column.rows.lowerBound
      guard column.solve(bounds: bounds + start, tolerances: tolerances + start) else {
        return false
      }
      for index in 0..<d { own[index] = -mine[index] }
      gram.add(column, to: own)
      for index in 0..<d { mine[index] += own[index] }
      workers(over: q, grain: q * d < Self.shared ? q : (q + 3) / 4) { others in
        let start = others.lowerBound
        mk_gemm(others.count, d, 1, products + start, 1, own, d, mixed + start * d, d)
      }
    }
    return true
  }

  /// Moves to the solution of `G_AA λ = b_A`, or as far towards it as λ ≥ 0 allows; true: all the
  /// way.
  private func faceStep(accuracy: Double) -> Bool {
    let (rows, start) = support
    let face = Face(gram: gram, rows: rows, columns: columns, workers: workers)
    var target = face.solve(from: start, accuracy: accuracy, norm: norm)
    iterations += face.iterations
    faceFlops += face.flops
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
    norm = max(0, face.square(of: target)).squareRoot()
    collected.update(from: gram.collected, count: gram.queries * gram.dimension)
    mixed.update(from: gram.mixed, count: gram.queries * gram.dimension)
    return isFull
  }

  /// Whether every row is satisfied at the present multipliers.
  private func isSatisfied() -> Bool {
    bounds.update(from: gram.bounds, count: gram.count)
    workers(over: columns.count, grain: Self.grain) { queries in
      for query in queries {
        let image = mixed + query * gram.dimension
        gram.subtractMargins(image, of: columns[query].rows, from: bounds)
      }
    }
    return (0..<gram.count).allSatisfy { row in
      (gram.isStrict[row] ? bounds[row] : abs(bounds[row]))
        <= 1e-12 * max(gram.bounds[row], norm)
    }
  }
}
