/// Which tokens of each context descent selected, by their attention masses
/// (arXiv 2403.08081, section 5 and its experiments).
package struct TokenSelection: Hashable, Sendable {
  package enum Choice: Hashable, Sendable {
    /// The mass is above 10⁻².
    case selected
    /// The mass is above 9·10⁻³, but not enough to be selected: the token is left out.
    case ambiguous
    case rejected
  }

  /// A mass above this selects a token.
  package static let threshold = 1e-2
  /// A mass above this, but not above the threshold, is ambiguous.
  package static let ambiguity = 9e-3

  /// By position in the contexts' `tokens`.
  package let choices: [Choice]

  /// Any choices, by position in the contexts' `tokens`.
  package init(choices: [Choice]) { self.choices = choices }

  package init(at weights: Matrix, of contexts: Contexts) {
    choices = AttentionMass.masses(at: weights, of: contexts).map { mass in
      mass > Self.threshold ? .selected : mass > Self.ambiguity ? .ambiguous : .rejected
    }
  }

  /// Whether it selects a token of every context: some have none where masses are NaN, or where there
  /// are more than a hundred tokens.
  func selectsInAll(of contexts: Contexts) -> Bool {
    (0..<contexts.count).allSatisfy { !positions(.selected, in: $0, of: contexts).isEmpty }
  }

  /// The positions of context `context` with a given choice.
  func positions(_ choice: Choice, in context: Int, of contexts: Contexts) -> [Int] {
    (contexts.starts[context]..<contexts.starts[context + 1]).filter { choices[$0] == choice }
  }
}

extension TokenPriorityGraph {
  /// The pseudo-TPGs, one per last token in increasing order: in every context an edge from each
  /// selected token to each other token that is not ambiguous.
  ///
  /// The selected tokens of a context point at each other, so they are in one component.
  package static func all(of selection: TokenSelection, in contexts: Contexts)
    -> [TokenPriorityGraph]
  {
    var edges = [[Edge]](repeating: [], count: contexts.lastTokens.count)
    var tokens = [[Int]](repeating: [], count: contexts.lastTokens.count)
    for context in 0..<contexts.count {
      let query = contexts.queries[context]
      let selected = selection.positions(.selected, in: context, of: contexts)
      let present = selected + selection.positions(.rejected, in: context, of: contexts)
      tokens[query] += present.map { contexts.tokens[$0] }
      for from in selected {
        edges[query] += present.map {
          Edge(from: contexts.tokens[from], to: contexts.tokens[$0])
        }
      }
    }
    return contexts.lastTokens.enumerated().map { query, last in
      TokenPriorityGraph(
        lastToken: last, edges: edges[query], vocabulary: contexts.vocabulary,
        tokens: tokens[query])
    }
  }

  /// Whether another graph of the same last token states the same priorities: the same tokens, and
  /// the same pairs of which one is reached from the other. Then components and Graph-SVM agree.
  package func statesPriorities(of other: TokenPriorityGraph) -> Bool {
    lastToken == other.lastToken && tokens == other.tokens
      && tokens.allSatisfy { from in
        tokens.allSatisfy { reaches(from: from, to: $0) == other.reaches(from: from, to: $0) }
      }
  }
}
