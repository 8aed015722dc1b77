/// The labels where no priority decides.
extension DatasetDesign {
  /// A label per sequence, from the stream `labels/<attempt>`: uniform over the vocabulary; one that
  /// is not in its sequence is drawn again, uniformly from the sequence's positions.
  func drawLabels(of sequences: [[Int]], attempt: Int, seed: Int) -> [Int] {
    var stream = stream("labels/\(attempt)", seed: seed)
    return sequences.map { tokens in
      let label = stream.integer(below: vocabulary)
      return tokens.contains(label) ? label : tokens[stream.integer(below: tokens.count)]
    }
  }
}
