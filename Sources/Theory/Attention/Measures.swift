/// What the theory says of a dataset, to be compared with what descent makes of it.
package struct Measures: Hashable, Sendable {
  private let subspace: CyclicSubspace
  private let finitePart: Matrix?
  private let margin: Matrix?
  private let labelComponent: LabelComponent

  /// - Parameters:
  ///   - components: at [k][token], the component of `token` in `G^(k)`, or −1.
  ///   - margin: `W_svm`, d × d; nil where the Graph-SVM is infeasible.
  ///   - finitePart: `W_fin`, d × d; nil where it was not found.
  package init(
    _ contexts: Contexts, components: [[Int]], margin: Matrix?, subspace: CyclicSubspace,
    finitePart: Matrix?
  ) {
    (self.subspace, self.finitePart, self.margin) = (subspace, finitePart, margin)
    labelComponent = LabelComponent(contexts, components: components)
  }

  /// The values of `measure` at the records of `trajectory`: [R], NaN where missing.
  package func series(_ measure: AttentionMeasure, of trajectory: Trajectory) -> [Double] {
    switch measure {
    case .loss: trajectory.losses
    case .gradientNorm: trajectory.gradientNorms
    default: (0..<trajectory.count).map { value(measure, at: trajectory.weights(at: $0))! }
    }
  }

  /// The value of `measure` at `weights`, NaN where missing; nil for what only a trajectory knows,
  /// loss and gradient norm.
  package func value(_ measure: AttentionMeasure, at weights: Matrix) -> Double? {
    switch measure {
    case .correlation: correlation(of: weights)
    case .finiteCorrelation: finiteCorrelation(of: weights)
    case .projectedCorrelation: projectedCorrelation(of: weights)
    case .finiteDistance: subspace.distance(of: weights, from: finitePart)
    case .norm: weights.norm
    case .labelMass: 1 - Kernels.exp(labelComponent.logRest(at: weights))
    case .negLogRest: negLogRest(at: weights)
    case .loss, .gradientNorm: nil
    case .svmNorm: margin?.norm ?? .nan
    case .feasible: margin == nil ? 0 : 1
    }
  }

  private func correlation(of weights: Matrix) -> Double {
    guard let margin else { return .nan }
    return Self.correlation(weights, margin)
  }

  private func finiteCorrelation(of weights: Matrix) -> Double {
    guard let margin, let finitePart, margin.norm > 0 else { return .nan }
    let square = Kernels.dot(margin.elements, margin.elements)
    let share = Kernels.dot((weights - finitePart).elements, margin.elements) / square
    let factor = max(0, share)
    let sum = zip(margin.elements, finitePart.elements).map { factor * $0 + $1 }
    return Self.correlation(
      weights, Matrix(rows: weights.rows, columns: weights.columns, elements: sum))
  }

  private func projectedCorrelation(of weights: Matrix) -> Double {
    let weights = weights.rescaled
    let rest = subspace.complement(of: weights)
    guard let margin, rest.norm > 1e-12 * weights.norm else { return .nan }
    return Self.correlation(rest, margin)
  }

  private func negLogRest(at weights: Matrix) -> Double {
    let rest = labelComponent.logRest(at: weights)
    return rest == -.infinity ? .nan : 0 - rest
  }

  /// ⟨left, right⟩/(‖left‖‖right‖); NaN where either is 0 or not finite.
  private static func correlation(_ left: Matrix, _ right: Matrix) -> Double {
    let (left, right) = (left.rescaled, right.rescaled)
    let product = left.norm * right.norm
    return product > 0 ? Kernels.dot(left.elements, right.elements) / product : .nan
  }
}
