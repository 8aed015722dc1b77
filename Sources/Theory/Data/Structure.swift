/// What a dataset's labels look like: the shape of its token-priority graphs.
package enum Structure: Hashable, Sendable {
  /// Labels as they are drawn.
  case any
  /// Every strongly connected component of every graph is a single token; by rejection.
  case acyclic
  /// At least one component of one graph has several tokens; by rejection.
  case cyclic
  /// A random total order of the vocabulary per last token; the label is the token of highest
  /// priority present.
  case strictOrder
  /// A random assignment of the vocabulary to ordered blocks per last token; the label is drawn
  /// among the tokens present of the highest-priority block that has any.
  ///
  /// - Parameters:
  ///   - sizes: tokens per block, highest priority first; their sum is K.
  ///   - weights: the label's probability is proportional to the weight of its token's place inside
  ///     its block. Positive, at least as many as the largest block has tokens; uniform if nil.
  case blocks(sizes: [Int], weights: [Double]?)
  /// This dataset.
  case given(Dataset)
}
