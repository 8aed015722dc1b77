extension Dataset {
  /// The dataset with a share of its labels replaced: `share · n` sequences, rounded to the nearest
  /// number, get the token of a uniformly drawn position of their own as label (which may be the
  /// label that they had).
  ///
  /// - Parameters:
  ///   - share: 0…1.
  ///   - stream: which sequences, then the positions in the order of the sequences.
  package func replacingLabels(share: Double, from stream: inout Stream) -> Dataset {
    precondition(0...1 ~= share, "a share of \(share)")
    let count = Int((share * Double(sequences.count)).rounded())
    var labels = labels
    for sequence in stream.choice(count, of: sequences.count).sorted() {
      labels[sequence] = sequences[sequence][stream.integer(below: sequences[sequence].count)]
    }
    return Dataset(embeddings: embeddings, sequences: sequences, labels: labels)
  }
}
