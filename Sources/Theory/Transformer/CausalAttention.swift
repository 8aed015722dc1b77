private import CKernels

/// One head of self-attention in which a position sees itself and those before it.
///
/// `P = softmax(Q Kᵀ / √d)` over the positions up to the query's; the output is `(P ∘ mask) V`.
/// Source: A. Vaswani et al., *Attention is all you need*, 2017, section 3.2.1.
final class CausalAttention {
  /// The attention of each query, one sequence's L × L below the other's; 0 after the query.
  let weights: Grid
  private let dropped: Grid
  private let length: Int
  private let sequences: Int
  private let dimension: Int
  private let workers: Workers

  init(sequences: Int, length: Int, dimension: Int, workers: Workers) {
    (self.sequences, self.length, self.dimension) = (sequences, length, dimension)
    self.workers = workers
    weights = Grid(sequences * length, length)
    dropped = Grid(sequences * length, length)
  }

  /// The rows of one sequence in a matrix over all tokens, and some of its columns.
  private func part(_ x: View, _ sequence: Int, _ third: Int? = nil) -> View {
    let rows = x.part(rows: sequence * length..<(sequence + 1) * length)
    return third.map { rows.part(columns: $0 * dimension..<($0 + 1) * dimension) } ?? rows
  }

  /// - Parameters:
  ///   - x: queries, keys and values side by side, tokens × 3d.
  ///   - mask: what is left of each weight.
  ///   - output: tokens × d.
  func forward(_ x: View, mask: View?, into output: View) {
    workers(chunks: sequences) { sequence in
      let (q, k, v) = (part(x, sequence, 0), part(x, sequence, 1), part(x, sequence, 2))
      let p = part(weights.view, sequence)
      scores(q, k, into: p)
      for query in 0..<length { softmax(p[query], count: query + 1) }
      let left = part(dropped.view, sequence)
      left.copy(p)
      left.multiply(mask.map { part($0, sequence) })
      let output = part(output, sequence)
      output.fill()
      mk_gemm(
        length, dimension, length, left.start, left.stride, v.start, v.stride, output.start,
        output.stride)
    }
  }

  /// Puts the products of the rows of `a` with the rows of `b` into `c`.
  private func scores(_ a: View, _ b: View, into c: View) {
    let transposed = Grid(dimension, length)
    transposed.view.transpose(b)
    c.fill()
    mk_gemm(
      length, length, dimension, a.start, a.stride, transposed.elements, length, c.start, c.stride)
  }

  private func softmax(_ row: UnsafeMutablePointer<Double>, count: Int) {
    let scale = 1 / Double(dimension).squareRoot()
    var largest = -Double.infinity
    for key in 0..<count {
      row[key] *= scale
      largest = max(largest, row[key])
    }
    for key in 0..<count { row[key] -= largest }
    mk_exp(row, row, count)
    let inverse = 1 / mk_sum(row, count)
    for key in 0..<count { row[key] *= inverse }
    for key in count..<length { row[key] = 0 }
  }

  /// Puts the gradient by queries, keys and values into `dx`, from that by the output.
  func backward(_ dOutput: View, _ x: View, mask: View?, into dx: View) {
    dx.fill()
    workers(chunks: sequences) { sequence in
      let (q, k, v) = (part(x, sequence, 0), part(x, sequence, 1), part(x, sequence, 2))
      let (dq, dk, dv) = (part(dx, sequence, 0), part(dx, sequence, 1), part(dx, sequence, 2))
      let (output, left) = (part(dOutput, sequence), part(dropped.view, sequence))
      let (l, d) = (length, dimension)
      mk_gemm_tn(l, d, l, left.start, l, output.start, output.stride, dv.start, dv.stride)
      let dp = Grid(l, l)
      scores(output, v, into: dp.view)
      dp.view.multiply(mask.map { part($0, sequence) })
      softmaxBackward(part(weights.view, sequence), dp.view)
      mk_gemm(l, d, l, dp.elements, l, k.start, k.stride, dq.start, dq.stride)
      mk_gemm_tn(l, d, l, dp.elements, l, q.start, q.stride, dk.start, dk.stride)
    }
  }

  /// Replaces the gradient by the weights by that by the scores before the softmax and its scale.
  private func softmaxBackward(_ p: View, _ dp: View) {
    let scale = 1 / Double(dimension).squareRoot()
    for query in 0..<length {
      let (p, dp) = (p[query], dp[query])
      let along = mk_dot(p, dp, query + 1)
      for key in 0...query { dp[key] = scale * p[key] * (dp[key] - along) }
      for key in query + 1..<length { dp[key] = 0 }
    }
  }
}
