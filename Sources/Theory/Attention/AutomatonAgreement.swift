/// How far the automaton is from trained weights, over contexts, by the status of its predictions.
package struct AutomatonAgreement: Hashable, Sendable {
  /// Of contexts of one status.
  package struct Group: Hashable, Sendable {
    /// The number of contexts.
    package var count = 0
    /// The mean total-variation distance; NaN where there are no contexts or no predictions.
    package var meanDistance = Double.nan
  }

  package let groups: [Prediction.Status: Group]

  /// - Parameter contexts: each counts once; token ids, the last one being the query.
  package init(of automaton: Automaton, with model: NextTokenModel, on contexts: [[Int]]) {
    var distances: [Prediction.Status: [Double]] = [:]
    for context in contexts {
      let prediction = automaton.prediction(of: context)
      distances[prediction.status, default: []].append(
        prediction.distance(to: model.distribution(after: context)))
    }
    var groups: [Prediction.Status: Group] = [:]
    for status in Prediction.Status.allCases {
      let all = distances[status] ?? []
      groups[status] = Group(
        count: all.count, meanDistance: all.isEmpty ? .nan : Kernels.sum(all) / Double(all.count))
    }
    self.groups = groups
  }

  /// The share of contexts with this status; NaN where there are no contexts.
  package func share(_ status: Prediction.Status) -> Double {
    let total = groups.values.reduce(0) { $0 + $1.count }
    return total == 0 ? .nan : Double(groups[status]!.count) / Double(total)
  }
}
