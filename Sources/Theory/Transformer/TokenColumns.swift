/// A text cut into equally long columns which are read side by side, as in PyTorch's example: a
/// batch takes the next L tokens of every column.
package struct TokenColumns: Hashable, Sendable {
  private let tokens: [Int]
  private let height: Int
  package let columns: Int
  /// L, the tokens of a sequence.
  package let length: Int

  /// The columns; what is left over after whole ones is left out.
  package init(_ tokens: [Int], columns: Int, length: Int) {
    (self.tokens, self.columns, self.length) = (tokens, columns, length)
    height = tokens.count / columns
  }

  /// How many batches there are, each followed by its labels.
  package var count: Int { max(0, height - 1) / length }

  /// The batch at a place, column after column; after the last comes the first again.
  package func batch(_ place: Int) -> Transformer.Batch {
    let start = place % count * length
    let starts = (0..<columns).map { $0 * height + start }
    return Transformer.Batch(
      tokens: starts.flatMap { tokens[$0..<$0 + length] },
      labels: starts.flatMap { tokens[$0 + 1..<$0 + 1 + length] })
  }
}
