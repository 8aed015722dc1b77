/// A batch of sequences as token counts, ordered by class: all that the model sees of them.
final class SequenceBatch {
  let classes: SequenceClasses
  /// The number of sequences, B.
  let size: Int
  /// The values of a row: a class's context tokens, and its last token.
  let width: Int
  /// Rows `starts[n]..<starts[n + 1]` are those of class n.
  private(set) var starts: [Int]
  /// Counts of the context tokens of each sequence, B × width, the last token's 0.
  let counts: Block

  init(_ classes: SequenceClasses, size: Int) {
    (self.classes, self.size) = (classes, size)
    width = classes.contextTokens + 1
    starts = .init(repeating: 0, count: classes.count + 1)
    counts = Block(count: size * width)
  }

  /// Makes room for sequences of these classes.
  /// - Returns: the row of each.
  func arrange(_ labels: [Int]) -> [Int] {
    precondition(labels.count == size, "a class a sequence")
    starts = .init(repeating: 0, count: classes.count + 1)
    for label in labels { starts[label + 1] += 1 }
    for n in 0..<classes.count { starts[n + 1] += starts[n] }
    var next = starts
    return labels.map { label in
      defer { next[label] += 1 }
      return next[label]
    }
  }
}
