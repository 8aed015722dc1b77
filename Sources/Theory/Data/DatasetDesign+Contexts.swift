extension DatasetDesign {
  /// Fresh contexts: sequences drawn like those of the dataset, from the stream `contexts`, so that
  /// they are independent of it.
  ///
  /// With `Structure.given` too the sequences follow the design's own sizes.
  /// - Parameter count: how many; at least 1.
  package func drawContexts(_ count: Int, seed: Int) -> [[Int]] {
    precondition(count >= 1, "\(count) contexts")
    var design = self
    design.sequences = count
    return design.drawSequences(purpose: "contexts", seed: seed)
  }
}
