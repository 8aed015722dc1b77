/// What is known of the token-priority graph `G^(k)` of a corpus: its numbers and, where they are
/// asked for, its edges. There are as many graphs as words, and the largest has all of them as tokens.
package struct CorpusGraph: Hashable, Sendable {
  /// k.
  package let lastToken: Int
  /// How many sequences end in it.
  package let positions: Int
  /// How many tokens follow it somewhere.
  package let labels: Int
  /// The tokens that occur in its sequences or follow them.
  package let tokens: Int
  package let edgeCount: Int
  /// How many strongly connected components it has.
  package let components: Int
  /// The tokens of its largest component.
  package let largest: Int
  /// The tokens in components of more than one.
  package let cyclicTokens: Int
  /// The components on a longest path of the condensation.
  package let depth: Int
  /// Its edges, increasing; none where they were not asked for.
  package let edges: [Edge]

  /// An edge between tokens.
  package struct Edge: Hashable, Sendable {
    package let from: UInt32
    package let to: UInt32
  }
}
