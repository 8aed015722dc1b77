/// How much attention leaves the label's strongly connected component.
///
/// Only contexts with a token outside of it are looked at: of the others nothing leaves.
package struct LabelComponent: Hashable, Sendable {
  private let contexts: Contexts
  private let logRatios: [Double]
  /// `ln` of the shares of the contexts with a token outside.
  private let logShares: [Double]
  /// The positions in `contexts.tokens` of all tokens of these, and of those outside.
  private let all: Runs
  private let outside: Runs

  /// - Parameter components: at [k][token], the component of `token` in `G^(k)`, or −1.
  ///   A token in no component is alone.
  package init(_ contexts: Contexts, components: [[Int]]) {
    let isOutside = (0..<contexts.count).flatMap { context -> [Bool] in
      let components = components[contexts.lastTokens[contexts.queries[context]]]
      let label = contexts.labels[context]
      return contexts.tokens[contexts.starts[context]..<contexts.starts[context + 1]].map {
        $0 != label && (components[$0] < 0 || components[$0] != components[label])
      }
    }
    self.init(contexts, isOutside: isOutside)
  }

  /// - Parameter isOutside: by position in `contexts.tokens`, what counts as outside.
  init(_ contexts: Contexts, isOutside: [Bool]) {
    let ranges = (0..<contexts.count).map { contexts.starts[$0]..<contexts.starts[$0 + 1] }
    let leaving = ranges.indices.filter { ranges[$0].contains { isOutside[$0] } }
    all = Runs(leaving.map { Array(ranges[$0]) })
    outside = Runs(leaving.map { ranges[$0].filter { isOutside[$0] } })
    let shares = contexts.shares
    logShares = Kernels.log(leaving.map { shares[$0] })
    self.contexts = contexts
    logRatios = contexts.logCountRatios
  }

  /// The logarithm of the mean, over the sequences, of the attention mass outside the label's
  /// component.
  ///
  /// It is computed from the masses outside, never as 1 − mass, so it stays finite when those
  /// underflow. At most 0; −∞ only where no sequence has a token outside its label's component, NaN where
  /// weights are not finite.
  package func logRest(at weights: Matrix) -> Double {
    guard weights.isFinite else { return .nan }
    guard !logShares.isEmpty else { return -.infinity }
    let exponents = AttentionMass.exponents(
      of: contexts, scores: contexts.scores(of: weights).elements, logRatios: logRatios)
    let (left, whole) = (outside.logSums(of: exponents), all.logSums(of: exponents))
    let rests = logShares.indices.map { logShares[$0] + left[$0] - whole[$0] }
    let rest = Runs([Array(rests.indices)]).logSums(of: rests)[0]
    return rest > 0 ? 0 : rest
  }
}

/// Places in an array of exponents that are added up run by run; no run is empty.
private struct Runs: Hashable, Sendable {
  private let places: [Int]
  private let ranges: [Range<Int>]

  init(_ runs: [[Int]]) {
    let starts = runs.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    places = runs.flatMap(\.self)
    ranges = runs.indices.map { starts[$0]..<starts[$0 + 1] }
  }

  /// `ln Σ e^x` of each run.
  func logSums(of exponents: [Double]) -> [Double] {
    var powers = places.map { exponents[$0] }
    let highest = ranges.map { range in range.reduce(-Double.infinity) { max($0, powers[$1]) } }
    for (range, highest) in zip(ranges, highest) {
      for place in range { powers[place] -= highest }
    }
    powers = Kernels.exp(powers)
    let sums = Kernels.log(ranges.map { range in range.reduce(0) { $0 + powers[$1] } })
    return zip(highest, sums).map { $0 + $1 }
  }
}
