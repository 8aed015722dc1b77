/// The sizes and options of a causal transformer with one attention head a layer, as in PyTorch's
/// word-language-model example, which Tian et al. (NeurIPS 2023) follow on text.
package struct TransformerShape: Hashable, Sendable {
  /// K.
  package let vocabulary: Int
  /// d, of embeddings and of all that passes between layers.
  package let dimension: Int
  /// The width of the feed-forward part's inside.
  package let hidden: Int
  package let layers: Int
  /// L, the tokens of a sequence.
  package let length: Int
  /// Whether each position adds a vector of its own, which is learned.
  package let hasPositions: Bool
  /// Whether each part's input is added to its output.
  package let isResidual: Bool
  /// Whether a layer norm follows each part.
  package let isNormalised: Bool

  package init(
    vocabulary: Int, dimension: Int, hidden: Int, layers: Int, length: Int,
    hasPositions: Bool = false, isResidual: Bool = true, isNormalised: Bool = true
  ) {
    (self.vocabulary, self.dimension, self.hidden) = (vocabulary, dimension, hidden)
    (self.layers, self.length, self.hasPositions) = (layers, length, hasPositions)
    (self.isResidual, self.isNormalised) = (isResidual, isNormalised)
  }
}

/// A matrix among the parameters, which lie one after the other in one array.
package struct Parameter: Hashable, Sendable {
  package let name: String
  package let rows: Int
  package let columns: Int
  /// Where it starts.
  package let offset: Int
  /// What its elements are at the start.
  package let initial: Initial

  package enum Initial: Hashable, Sendable {
    case constant(Double)
    /// Uniform between ± this number.
    case uniform(Double)
  }

  package var range: Range<Int> { offset..<offset + rows * columns }
}

extension TransformerShape {
  /// All parameters in their order.
  ///
  /// Matrices stand as input × output. Initial values are PyTorch's: ±0.1 for embedding and decoder
  /// (the example), Xavier's for queries, keys and values, ±1/√(inputs) for other linear maps.
  package var parameters: [Parameter] {
    var list: [Parameter] = []
    func add(_ name: String, _ rows: Int, _ columns: Int, _ initial: Parameter.Initial) {
      list.append(
        Parameter(
          name: name, rows: rows, columns: columns, offset: list.last?.range.upperBound ?? 0,
          initial: initial))
    }
    let (d, f) = (dimension, hidden)
    let (narrow, wide) = (1 / Double(d).squareRoot(), 1 / Double(f).squareRoot())
    add("embedding", vocabulary, d, .uniform(0.1))
    if hasPositions { add("positions", length, d, .uniform(0.1)) }
    for layer in 0..<layers {
      let prefix = "layer \(layer) "
      add(prefix + "attention", d, 3 * d, .uniform((6 / Double(4 * d)).squareRoot()))
      add(prefix + "attention bias", 1, 3 * d, .constant(0))
      add(prefix + "output", d, d, .uniform(narrow))
      add(prefix + "output bias", 1, d, .constant(0))
      add(prefix + "inner", d, f, .uniform(narrow))
      add(prefix + "inner bias", 1, f, .uniform(narrow))
      add(prefix + "outer", f, d, .uniform(wide))
      add(prefix + "outer bias", 1, d, .uniform(wide))
      for norm in isNormalised ? ["first norm", "second norm"] : [] {
        add(prefix + norm + " gain", 1, d, .constant(1))
        add(prefix + norm + " bias", 1, d, .constant(0))
      }
    }
    add("decoder", d, vocabulary, .uniform(0.1))
    add("decoder bias", 1, vocabulary, .constant(0))
    return list
  }

  /// Parameters at the start of training.
  package func initialParameters(seed: Int) -> [Double] {
    parameters.flatMap { parameter -> [Double] in
      let count = parameter.range.count
      switch parameter.initial {
      case .constant(let value): return .init(repeating: value, count: count)
      case .uniform(let bound):
        var stream = Stream(kind: "training", seed: seed, purpose: parameter.name)
        return (0..<count).map { _ in stream.uniform(within: bound) }
      }
    }
  }
}

/// The parameters by name, in memory that somebody else keeps.
struct ParameterViews {
  private let views: [String: View]

  init(_ start: UnsafeMutablePointer<Double>, _ shape: TransformerShape) {
    views = Dictionary(
      uniqueKeysWithValues: shape.parameters.map {
        ($0.name, View(start + $0.offset, $0.rows, $0.columns))
      })
  }

  subscript(name: String) -> View { views[name]! }
}
