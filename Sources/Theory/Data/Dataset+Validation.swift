extension Dataset {
  /// Checks what every algorithm relies on: sequences are not empty, tokens are in the vocabulary,
  /// embeddings are finite and of a size that can be squared, and every label occurs in its sequence.
  ///
  /// - Throws: the first sequence that does not fit, by index from 0.
  package func validate() throws(DatasetError) {
    guard vocabulary >= 1 else { throw .size(name: "vocabulary", value: vocabulary) }
    guard dimension >= 1 else { throw .size(name: "dimension", value: dimension) }
    guard !sequences.isEmpty else { throw .size(name: "sequences", value: 0) }
    do { try EmbeddingError.check(embeddings) } catch { throw .embedding(error) }
    for (index, (tokens, label)) in zip(sequences, labels).enumerated() {
      let known = tokens.allSatisfy { 0..<vocabulary ~= $0 }
      guard !tokens.isEmpty, known else { throw .givenSequence(index: index) }
      guard tokens.contains(label) else { throw .givenLabel(index: index) }
    }
  }
}
