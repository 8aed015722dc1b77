/// What was found out about one block of last tokens.
struct BlockAnswer {
  /// λ of the optimum, or of the best iterate.
  private(set) var multipliers: [GraphSVM.Multiplier] = []
  /// `Wᵀ`, where it is known better than by the multipliers.
  private(set) var transposed: Matrix?
  /// λ that show the block to be infeasible; empty: they were not found.
  private(set) var farkas: [GraphSVM.Multiplier] = []
  private(set) var work = GraphSVM.Work()
  /// Whether the fast method found an optimum; `prove` is for where it did not, or not well enough.
  private(set) var isSolved = false
  /// Whether the analytic centre was looked for.
  private var wasCentred = false
  /// The active rows and their multipliers.
  private var rows: [Int] = []
  private var values: [Double] = []

  /// Solves a block fast: as one dense problem, or by face descent.
  init(_ block: ConstraintGram, _ workers: Workers) {
    let vanishing = (0..<block.count).first {
      block.scales[$0] == 0 && block.isStrict[$0]
    }
    if let vanishing {
      farkas = block.multipliers([1], on: [vanishing])
      return
    }
    (isSolved, rows, values) = block.count <= Self.small ? dense(block) : descend(block, workers)
    multipliers = block.multipliers(values, on: rows)
  }

  /// The most rows that are solved as one dense problem.
  private static let small = 300

  /// A small block at once, its rows as one dense problem.
  private mutating func dense(_ block: ConstraintGram) -> (Bool, [Int], [Double]) {
    let method = DenseActiveSet(
      block, rows: 0..<block.count, rank: block.dimension * block.queries,
      eagerness: 0.8)
    method.prepare()
    // ‖W‖ ≥ 1 / ‖a_r‖ = b_r for each row, so this is finer than what `Certificate` asks for.
    let tolerance = 1e-12 * (0..<block.count).reduce(0) { max($0, block.bounds[$1]) }
    let tolerances = block.arena.array(block.count, of: Double.self)
    tolerances.initialize(repeating: tolerance, count: block.count)
    let isSolved = method.solve(bounds: block.bounds, tolerances: tolerances)
    work.pivots += method.pivots
    work.flops += method.flops
    return (
      isSolved, (0..<method.order).map { method.active[$0] },
      (0..<method.order).map { method.multipliers[$0] }
    )
  }

  /// A block of many rows by face descent.
  private mutating func descend(
    _ block: ConstraintGram, _ workers: Workers
  ) -> (Bool, [Int], [Double]) {
    let descent = FaceDescent(gram: block, workers: workers)
    let isSolved = descent.run()
    work.pivots += descent.pivots
    work.flops += descent.flops
    work.iterations += descent.iterations
    return (isSolved, descent.support.rows, descent.support.multipliers)
  }

  /// Finds out what the fast method did not: proves a large block infeasible by its analytic centre,
  /// if it may be that, or runs the dual active set from where the fast method ended.
  mutating func prove(_ block: ConstraintGram, mayFail: Bool) {
    if farkas.isEmpty, mayFail, !isSolved, block.dimension >= Self.centreFirst { centre(block) }
    guard farkas.isEmpty else { return }
    let method = DualActiveSet(gram: block)
    method.start(from: rows, multipliers: values)
    let outcome = method.run(limit: 8 * block.count + 200)
    work.fallback += 1
    work.pivots += method.pivots
    work.flops += method.flops
    if case .infeasible(let rows, let values) = outcome {
      farkas = block.multipliers(values, on: rows)
    }
    multipliers = block.multipliers(method.multipliers, on: method.active)
    transposed = method.transposed
  }

  /// The dimension from which on the analytic centre takes less time than the dual active set.
  private static let centreFirst = 16

  /// Looks for a Farkas vector at the analytic centre, once.
  mutating func centre(_ block: ConstraintGram) {
    let unknowns = block.dimension * block.dimension
    guard !wasCentred, unknowns < block.count, unknowns <= AnalyticCentre.mostUnknowns else {
      return
    }
    wasCentred = true
    var method = AnalyticCentre(block)
    if let values = method.farkas() {
      farkas = block.multipliers(values, on: Array(0..<block.count))
    }
    work.flops += method.flops
  }
}
