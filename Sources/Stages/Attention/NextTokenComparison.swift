import Canonical
import Theory

/// The automaton of a dataset beside a layer trained on it: what `mechanics predict` prints.
package struct NextTokenComparison: Sendable {
  /// What both say of one context.
  package struct Row: Sendable {
    package let context: [Int]
    package let prediction: Prediction
    /// The attention mass of the trained layer on each token of the vocabulary: [K].
    package let trained: [Double]
  }

  /// `optimal`, `infeasible` or `not-converged`: without an optimum no prediction is `by-margin`.
  package let margin: String
  private let automaton: Automaton
  private let model: NextTokenModel
  private let iterations: Int

  /// - Parameter seed: of the initial weights, drawn as those of a manifest's run.
  package init(_ dataset: Dataset, by descent: Descent, seed: Int) {
    let graphs = TokenPriorityGraph.all(of: dataset)
    let components = graphs.components(vocabulary: dataset.vocabulary)
    let contexts = Contexts(dataset)
    let solution = GraphSVM.solve(embeddings: dataset.embeddings, graphs: graphs)
    margin = solution.status.name
    let finitePart = FinitePart(
      contexts, components: components,
      in: CyclicSubspace(embeddings: dataset.embeddings, components: components))
    automaton = Automaton(
      embeddings: dataset.embeddings, graphs: graphs,
      margin: margin == "optimal" ? solution.weights : nil, finitePart: finitePart.minimiser)
    let initial = InitialWeights.default.weights(dimension: dataset.dimension, seed: seed)
    let trajectory = descent.run(contexts, from: initial)
    iterations = trajectory.iterations.last!
    model = NextTokenModel(weights: trajectory.final, embeddings: dataset.embeddings)
  }

  package func row(of context: [Int]) -> Row {
    Row(
      context: context, prediction: automaton.prediction(of: context),
      trained: model.distribution(after: context))
  }

  /// `{"svm", "iterations", "predictions": [{"context", "status", "gap", "retrieved", "automaton",
  /// "trained", "distance"}…]}`; what does not exist is null.
  package func value(of contexts: [[Int]]) -> Value {
    [
      "svm": .string(margin), "iterations": .integer(iterations),
      "predictions": .list(contexts.map { row(of: $0).value }),
    ]
  }
}

extension NextTokenComparison.Row {
  fileprivate var value: Value {
    [
      "context": .list(context.map(Value.integer)), "status": .string(prediction.status.rawValue),
      "gap": .number(prediction.gap),
      "retrieved": .list(prediction.retrieved.map(Value.integer)),
      "automaton": prediction.distribution.map { .list($0.map(Value.number)) } ?? .null,
      "trained": .list(trained.map(Value.number)),
      "distance": .number(prediction.distance(to: trained)),
    ]
  }
}
