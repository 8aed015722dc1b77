/// What the automaton says of some contexts, and how far trained weights are from it.
package struct AutomatonAgreement: Sendable {
  private let contexts: [[Int]]
  package let predictions: [Prediction]

  /// - Parameter contexts: each counts once; token ids, the last one being the query.
  package init(of automaton: Automaton, on contexts: [[Int]]) {
    self.contexts = contexts
    predictions = contexts.map(automaton.prediction)
  }

  /// The share of contexts with this status; NaN where there are no contexts.
  package func share(_ status: Prediction.Status) -> Double {
    Double(predictions.count { $0.status == status }) / Double(predictions.count)
  }

  /// The mean total-variation distance to a trained layer over those contexts of which something is
  /// predicted that counts; NaN where there are none.
  package func distance(
    to model: NextTokenModel, counting counts: (Prediction) -> Bool = { _ in true }
  ) -> Double {
    let distances = zip(contexts, predictions).compactMap { context, prediction -> Double? in
      guard prediction.distribution != nil, counts(prediction) else { return nil }
      return prediction.distance(to: model.distribution(after: context))
    }
    return distances.isEmpty ? .nan : Kernels.sum(distances) / Double(distances.count)
  }
}
