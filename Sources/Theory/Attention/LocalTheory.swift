/// What the theory says of descent that converges locally: everything follows from the tokens that
/// the last weights select (arXiv 2403.08081, section 5).
package struct LocalTheory: Sendable {
  package let selection: TokenSelection
  /// The pseudo-TPGs, in increasing order of the last token.
  package let graphs: [TokenPriorityGraph]
  /// The local Graph-SVM.
  package let margin: GraphSVM.Solution
  package let subspace: CyclicSubspace
  package let finitePart: LocalFinitePart
  private let measures: Measures
  private let labels: LabelComponent
  private let selected: LabelComponent
  private let isGlobal: Bool
  /// Whether the weights are finite and select a token of every context.
  private let isDefined: Bool

  /// - Parameters:
  ///   - weights: the last W of a run, d × d.
  ///   - loss: the loss that the run minimised, of the logits of `head`.
  ///   - graphs: the TPGs of the data.
  ///   - selection: the tokens that descent selected; nil: those of `weights`.
  package init(
    _ contexts: Contexts, at weights: Matrix, loss: Loss, head: Head,
    graphs: [TokenPriorityGraph], selection: TokenSelection? = nil
  ) {
    let selection = selection ?? TokenSelection(at: weights, of: contexts)
    self.selection = selection
    let pseudo = TokenPriorityGraph.all(of: selection, in: contexts)
    let components = pseudo.components(vocabulary: contexts.vocabulary)
    margin = GraphSVM.solve(embeddings: contexts.embeddings, graphs: pseudo)
    subspace = CyclicSubspace(embeddings: contexts.embeddings, components: components)
    let isKept = Self.selectedComponents(selection, contexts, components)
    finitePart = LocalFinitePart(
      contexts.keeping { isKept[$1] }, loss: loss, head: head, in: subspace, from: weights)
    measures = Measures(
      contexts, components: components, margin: Self.optimum(margin), subspace: subspace,
      finitePart: finitePart.weights)
    labels = LabelComponent(contexts, components: components)
    selected = LabelComponent(contexts, isOutside: isKept.map { !$0 })
    isGlobal =
      pseudo.count == graphs.count
      && zip(pseudo, graphs).allSatisfy { $0.statesPriorities(of: $1) }
    self.graphs = pseudo
    isDefined = weights.isFinite && selection.selectsInAll(of: contexts)
  }

  /// By position in the contexts' tokens, whether the token is in the component of its context's
  /// selected tokens.
  private static func selectedComponents(
    _ selection: TokenSelection, _ contexts: Contexts, _ components: [[Int]]
  ) -> [Bool] {
    (0..<contexts.count).flatMap { context -> [Bool] in
      let components = components[contexts.lastTokens[contexts.queries[context]]]
      let first = selection.positions(.selected, in: context, of: contexts).first
      let component = first.map { components[contexts.tokens[$0]] }
      return (contexts.starts[context]..<contexts.starts[context + 1]).map {
        components[contexts.tokens[$0]] == component
      }
    }
  }

  private static func optimum(_ solution: GraphSVM.Solution) -> Matrix? {
    if case .optimal = solution.status { return solution.weights }
    return nil
  }

  /// The values of `measure` at the records of `trajectory`: [R], NaN where missing.
  package func series(_ measure: LocalMeasure, of trajectory: Trajectory) -> [Double] {
    (0..<trajectory.count).map { value(measure, at: trajectory.weights(at: $0)) }
  }

  /// The value of `measure` at `weights`, NaN where missing.
  package func value(_ measure: LocalMeasure, at weights: Matrix) -> Double {
    guard isDefined else { return .nan }
    return switch measure {
    case .correlation: measures.value(.correlation, at: weights)!
    case .finiteCorrelation: measures.value(.finiteCorrelation, at: weights)!
    case .projectedCorrelation: measures.value(.projectedCorrelation, at: weights)!
    case .finiteDistance: measures.value(.finiteDistance, at: weights)!
    case .labelMass: 1 - Kernels.exp(labels.logRest(at: weights))
    case .negLogRest: measures.value(.negLogRest, at: weights)!
    case .selectedMass: 1 - Kernels.exp(selected.logRest(at: weights))
    case .svmNorm: measures.value(.svmNorm, at: weights)!
    case .feasible: measures.value(.feasible, at: weights)!
    case .isGlobal: isGlobal ? 1 : 0
    }
  }
}
