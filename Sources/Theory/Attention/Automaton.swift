/// The automaton that self-attention learns: hard retrieval of the tokens of highest priority, then
/// soft composition of these (arXiv 2403.08081, section 1 and Theorem 1).
package struct Automaton: Sendable {
  private let embeddings: Matrix
  /// At [k], the TPG of last token k, if the training data have one.
  private let graphs: [TokenPriorityGraph?]
  /// `e_jᵀ W e_k` at [k, j] of `W_svm` and `W_fin`.
  private let marginScores: Matrix?
  private let finiteScores: Matrix?

  /// Scores of `W_svm` that differ by less than this of the largest are equal.
  private static let tie = 1e-7

  /// - Parameters:
  ///   - embeddings: `E`, K × d.
  ///   - graphs: the TPGs of the training data.
  ///   - margin: `W_svm`, d × d; nil where the Graph-SVM is infeasible.
  ///   - finitePart: `W_fin`, d × d; nil where it was not found: then nothing is composed.
  package init(
    embeddings: Matrix, graphs: [TokenPriorityGraph], margin: Matrix?, finitePart: Matrix?
  ) {
    self.embeddings = embeddings
    var all = [TokenPriorityGraph?](repeating: nil, count: embeddings.rows)
    for graph in graphs { all[graph.lastToken] = graph }
    self.graphs = all
    marginScores = margin.map { embeddings * $0.transposed * embeddings.transposed }
    finiteScores = finitePart.map { embeddings * $0.transposed * embeddings.transposed }
  }

  /// What is predicted of the token that follows `context`.
  ///
  /// - Parameter context: token ids, the last one being the query; not empty.
  package func prediction(of context: [Int]) -> Prediction {
    let last = context[context.count - 1]
    let tokens = Set(context).sorted()
    guard let graph = graphs[last] else { return Prediction(status: .unseen) }
    let highest = tokens.filter { token in
      tokens.allSatisfy { !graph.precedes($0, token) }
    }
    if highest.allSatisfy({ graph.isJoined($0, highest[0]) }) {
      return prediction(.unique, highest, of: tokens, context)
    }
    guard let best = best(of: tokens, last),
      best.allSatisfy({ graph.isJoined($0, best[0]) })
    else { return Prediction(status: .ambiguous) }
    return prediction(.byMargin, best, of: tokens, context)
  }

  private func prediction(
    _ status: Prediction.Status, _ retrieved: [Int], of tokens: [Int], _ context: [Int]
  ) -> Prediction {
    Prediction(
      status: status, gap: gap(retrieved, of: tokens, context[context.count - 1]),
      retrieved: retrieved, distribution: composition(retrieved, context))
  }

  /// The tokens with the largest score of `W_svm`; nil where there is none.
  private func best(of tokens: [Int], _ last: Int) -> [Int]? {
    guard let scores = marginScores else { return nil }
    let row = scores[row: last]
    let values = tokens.map { row[row.startIndex + $0] }
    let highest = values.reduce(-Double.infinity, max)
    let scale = row.reduce(1) { max($0, abs($1)) }
    return zip(tokens, values).filter { highest - $0.1 <= Self.tie * scale }.map(\.0)
  }

  /// By how much the retrieved tokens' score of `W_svm` is above that of the others; ∞ where there
  /// are no others, NaN where there is no `W_svm`.
  private func gap(_ retrieved: [Int], of tokens: [Int], _ last: Int) -> Double {
    guard let scores = marginScores else { return .nan }
    let others = tokens.filter { !retrieved.contains($0) }
    let lowest = retrieved.map { scores[last, $0] }.reduce(.infinity, min)
    return lowest - others.map { scores[last, $0] }.reduce(-.infinity, max)
  }

  /// softmax of the `W_fin` scores over the retrieved tokens, with their counts: [K]; nil where there
  /// is no `W_fin`.
  private func composition(_ retrieved: [Int], _ context: [Int]) -> [Double]? {
    guard let finiteScores else { return nil }
    let last = context[context.count - 1]
    let scores = retrieved.map { finiteScores[last, $0] }
    let highest = scores.reduce(-Double.infinity, max)
    let powers = zip(retrieved, Kernels.exp(scores.map { $0 - highest })).map { token, power in
      power * Double(context.count { $0 == token })
    }
    let sum = powers.reduce(0, +)
    var distribution = [Double](repeating: 0, count: embeddings.rows)
    for (token, power) in zip(retrieved, powers) { distribution[token] = power / sum }
    return distribution
  }
}

extension TokenPriorityGraph {
  /// Whether one token has strictly higher priority than another: it reaches it, and not the other
  /// way round. A token that does not occur with this last token has no priority.
  fileprivate func precedes(_ first: Int, _ second: Int) -> Bool {
    reaches(from: first, to: second) && !reaches(from: second, to: first)
  }

  /// Whether two tokens are one or in one component.
  fileprivate func isJoined(_ first: Int, _ second: Int) -> Bool {
    first == second || reaches(from: first, to: second) && reaches(from: second, to: first)
  }
}
