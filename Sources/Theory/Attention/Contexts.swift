/// A dataset compiled to what the attention layer sees of it.
///
/// The attention mass on a token depends on the sequence only through its last token and its token
/// counts, so sequences that agree in these and in the label are one context with a multiplicity.
/// Contexts are sorted by last token, then by tokens, counts and label: neither the order of the
/// sequences nor a repetition of the whole dataset changes a bit of what is computed from them.
package struct Contexts: Hashable, Sendable {
  /// `E`, K × d.
  package let embeddings: Matrix
  /// `Eᵀ`, d × K.
  package let transposedEmbeddings: Matrix
  /// `E_Q`, q × d: the embeddings of the distinct last tokens.
  package let lastEmbeddings: Matrix
  /// n, the number of sequences over which the risk is a mean. Reduction does not change it.
  package let sequences: Int
  /// The distinct last tokens, ascending; q of them.
  package let lastTokens: [Int]
  /// The last token of each context, as an index into `lastTokens`; ascending.
  package let queries: [Int]
  /// The label of each context.
  package let labels: [Int]
  /// The number of sequences that each context stands for.
  package let multiplicities: [Int]
  /// The tokens of context `c` are at `starts[c]..<starts[c + 1]` of `tokens` and `counts`.
  package let starts: [Int]
  /// Distinct tokens, ascending within a context.
  package let tokens: [Int]
  /// How often each token occurs in the context.
  package let counts: [Int]

  package init(_ dataset: Dataset) {
    let occurrences = zip(dataset.sequences, dataset.labels).map { sequence, label in
      Occurrence(sequence: sequence, label: label)
    }
    self.init(
      occurrences, embeddings: dataset.embeddings, sequences: dataset.sequences.count)
  }

  private init(_ occurrences: [Occurrence], embeddings: Matrix, sequences: Int) {
    let merged = Occurrence.merged(occurrences)
    let last = merged.map(\.last)
    lastTokens = last.indices.filter { $0 == 0 || last[$0] != last[$0 - 1] }.map { last[$0] }
    var queries: [Int] = []
    for (index, token) in last.enumerated() {
      let isNew = index > 0 && token != last[index - 1]
      queries.append((queries.last ?? 0) + (isNew ? 1 : 0))
    }
    self.queries = queries
    labels = merged.map(\.label)
    multiplicities = merged.map(\.multiplicity)
    starts = merged.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.tokens.count) }
    tokens = merged.flatMap(\.tokens)
    counts = merged.flatMap(\.counts)
    (self.embeddings, self.sequences) = (embeddings, sequences)
    transposedEmbeddings = embeddings.transposed
    lastEmbeddings = Matrix(
      rows: lastTokens.count, columns: embeddings.columns,
      elements: lastTokens.flatMap { embeddings[row: $0] })
  }

  /// The number of contexts.
  package var count: Int { labels.count }
  /// K, the number of tokens in the vocabulary.
  package var vocabulary: Int { embeddings.rows }
  /// d, the embeddings' dimension.
  package var dimension: Int { embeddings.columns }

  /// The contexts with only the tokens of the label's strongly connected component.
  ///
  /// Contexts that keep only their label say nothing and are dropped (the reduced sequences of
  /// `W_fin`, arXiv 2403.08081, section 3).
  /// - Parameter components: at [k][token], the component of `token` in `G^(k)`, or −1.
  package func reduced(to components: [[Int]]) -> Contexts {
    keeping { context, position in
      let components = components[lastTokens[queries[context]]]
      return tokens[position] == labels[context]
        || components[tokens[position]] == components[labels[context]]
    }
  }

  /// The contexts with only some of their tokens, those that keep fewer than two dropped.
  ///
  /// A label need not be kept: then no token of the context is its label.
  /// - Parameter isKept: of a context and a position in `tokens`.
  package func keeping(_ isKept: (_ context: Int, _ position: Int) -> Bool) -> Contexts {
    let kept = (0..<count).compactMap { context -> Occurrence? in
      let entries = (starts[context]..<starts[context + 1]).filter { isKept(context, $0) }
      guard entries.count > 1 else { return nil }
      return Occurrence(
        last: lastTokens[queries[context]], tokens: entries.map { tokens[$0] },
        counts: entries.map { counts[$0] }, label: labels[context],
        multiplicity: multiplicities[context])
    }
    return Contexts(kept, embeddings: embeddings, sequences: sequences)
  }
}

/// A context before compilation.
private struct Occurrence: Comparable {
  let last: Int
  let tokens: [Int]
  let counts: [Int]
  let label: Int
  var multiplicity: Int

  init(last: Int, tokens: [Int], counts: [Int], label: Int, multiplicity: Int) {
    (self.last, self.tokens, self.counts) = (last, tokens, counts)
    (self.label, self.multiplicity) = (label, multiplicity)
  }

  init(sequence: [Int], label: Int) {
    precondition(sequence.contains(label), "the label \(label) is not in its sequence")
    let sorted = sequence.sorted()
    let firsts = sorted.indices.filter { $0 == 0 || sorted[$0] != sorted[$0 - 1] }
    let counts = zip(firsts, firsts.dropFirst() + [sorted.count]).map { $1 - $0 }
    self.init(
      last: sequence[sequence.count - 1], tokens: firsts.map { sorted[$0] }, counts: counts,
      label: label, multiplicity: 1)
  }

  /// The occurrences sorted, equal ones as one whose multiplicity is the sum of theirs.
  static func merged(_ occurrences: [Occurrence]) -> [Occurrence] {
    occurrences.sorted().reduce(into: []) { merged, next in
      if let previous = merged.last, !(previous < next) {
        merged[merged.count - 1].multiplicity += next.multiplicity
      } else {
        merged.append(next)
      }
    }
  }

  /// By last token, tokens, counts, label; the multiplicity does not count.
  static func < (left: Occurrence, right: Occurrence) -> Bool {
    if left.last != right.last { return left.last < right.last }
    if left.tokens != right.tokens { return left.tokens.lexicographicallyPrecedes(right.tokens) }
    if left.counts != right.counts { return left.counts.lexicographicallyPrecedes(right.counts) }
    return left.label < right.label
  }

  static func == (left: Occurrence, right: Occurrence) -> Bool {
    !(left < right) && !(right < left)
  }
}
