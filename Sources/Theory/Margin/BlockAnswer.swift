/// One block of last tokens solved: by the face descent, or where that gives up by the dual active
/// set, started from where it was.
struct BlockAnswer {
  /// λ of the optimum, or of the best iterate.
  private(set) var multipliers: [GraphSVM.Multiplier] = []
  /// λ that show the block to be infeasible; empty: they were not found.
  private(set) var farkas: [GraphSVM.Multiplier] = []
  private(set) var work = GraphSVM.Work()

  init(_ block: ConstraintGram) {
    let vanishing = (0..<block.count).first {
      block.scales[$0] == 0 && block.constraints[$0].relation == .strict
    }
    if let vanishing {
      farkas = block.multipliers([1], on: [vanishing])
      return
    }
    let descent = FaceDescent(gram: block)
    let isSolved = descent.run()
    let (rows, values) = descent.support
    work.pivots += descent.pivots
    work.flops += descent.flops
    work.iterations += descent.iterations
    if isSolved {
      multipliers = block.multipliers(values, on: rows)
    } else {
      prove(block, rows, values)
    }
  }

  /// Runs the dual active set from given active rows.
  private mutating func prove(_ block: ConstraintGram, _ rows: [Int], _ values: [Double]) {
    let method = DualActiveSet(gram: block)
    method.start(from: rows, multipliers: values)
    let outcome = method.run(limit: 50 * block.count + 100)
    work.fallback += 1
    work.pivots += method.pivots
    work.flops += method.flops
    if case .infeasible(let rows, let values) = outcome {
      farkas = block.multipliers(values, on: rows)
    }
    multipliers = block.multipliers(method.multipliers, on: method.active)
  }
}
