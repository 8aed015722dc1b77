extension DatasetDesign {
  /// Fresh contexts: sequences drawn like those of the dataset, from the stream `contexts`, so that
  /// they are independent of it but for the last token or the tokens that all its sequences share.
  ///
  /// With `Structure.given` too the sequences follow the design's own sizes.
  /// - Parameters:
  ///   - count: how many; at least 1.
  ///   - dataset: what the design drew.
  package func drawContexts(_ count: Int, beside dataset: Dataset, seed: Int) -> [[Int]] {
    precondition(count >= 1, "\(count) contexts")
    var design = self
    design.sequences = count
    return design.drawSequences(purpose: "contexts", after: dataset.sequences.first, seed: seed)
  }
}
