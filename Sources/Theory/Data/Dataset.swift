/// `n` sequences of token ids with their labels, and the vocabulary's embeddings.
package struct Dataset: Hashable, Sendable {
  /// `E`, K × d: row `j` is the embedding `e_j` of token `j`.
  package let embeddings: Matrix
  /// Token ids from 0; the last one of a sequence is its query `x̄`. Never empty.
  package let sequences: [[Int]]
  /// The next token of each sequence; it occurs in the sequence.
  package let labels: [Int]

  package init(embeddings: Matrix, sequences: [[Int]], labels: [Int]) {
    precondition(sequences.count == labels.count, "one label a sequence")
    (self.embeddings, self.sequences, self.labels) = (embeddings, sequences, labels)
  }

  /// K, the number of tokens.
  package var vocabulary: Int { embeddings.rows }
  /// d, the embeddings' dimension.
  package var dimension: Int { embeddings.columns }
}
